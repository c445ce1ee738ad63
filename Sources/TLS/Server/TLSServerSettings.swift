public import Crypto

/// What a TLS listener offers and demands.
public struct TLSServerSettings: Sendable {
  /// The certificates; a client gets the one that bears the name it asks for, an exact name before
  /// a wildcard. The first is for everybody else.
  public var certificates: [CertifiedKey]
  public var profile: TLSProfile = .intermediate
  /// Whether a client that asks for a name that no certificate bears, or for none, is refused with
  /// the alert `unrecognized_name` (RFC 6066 §3) instead of getting the first certificate.
  public var rejectsUnknownNames = false
  /// The application protocols in the order of preference (RFC 7301); at least one.
  public var applicationProtocols = ["http/1.1"]
  public var clientAuthentication: ClientAuthentication = .none
  /// The keys that session tickets are sealed with; nil switches resumption off.
  public var ticketKeys: TicketKeyRing?
  /// How long after a full or resumed handshake a session may be resumed, in seconds.
  public var sessionLifetimeSeconds = 7_200
  /// The most bytes that a client's certificates may take.
  public var clientCertificateBytesMax = 32_768

  public init(certificates: [CertifiedKey]) { self.certificates = certificates }
}
