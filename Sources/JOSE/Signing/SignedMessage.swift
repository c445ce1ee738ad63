/// The payload of a message whose signature was verified (RFC 7515), and what its header said.
public struct SignedMessage: Sendable {
  /// What was signed.
  public let payload: [UInt8]
  /// The algorithm that it was signed with.
  public let algorithm: SignatureAlgorithm
  /// What kind of message it calls itself, such as `at+jwt`; nil if it does not say.
  public let type: String?
  /// What the payload is, if that was said, such as `JWT` for a token within.
  public let contentType: String?
}
