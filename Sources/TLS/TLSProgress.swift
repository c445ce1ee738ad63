/// What one call of `TLSSession.receive` brought about; several at once may be true.
public struct TLSProgress: Sendable {
  /// The handshake was completed by this call; the session's properties can be read from now on.
  public var isHandshakeCompleted = false
  /// The limit of plaintext was reached with more to come: make room and call again, even if
  /// nothing arrives.
  public var isPlaintextPending = false
  /// The peer said that it sends no more (`close_notify`); plaintext up to there is complete.
  public var isClosedByPeer = false
  /// The connection failed; send what is in the output, an alert, and close.
  public var failure: TLSFailure?

  public init() {}
}
