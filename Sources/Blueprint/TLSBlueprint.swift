public import Formats

/// How a listener speaks TLS.
public struct TLSBlueprint: Sendable {
  /// Which versions and ciphers are offered: Mozilla's server-side recommendations by their names.
  public enum Profile: String, CaseIterable, Sendable { case intermediate, modern }

  /// Whether a client is asked for a certificate.
  public enum ClientCertificates: String, CaseIterable, Sendable { case none, optional, required }

  /// A certificate chain and its private key, both PEM files; the paths are as written.
  public struct Certificate: Sendable {
    /// The certificate and those between it and its authority.
    public var certificatePath: Text
    /// The private key of the first certificate.
    public var keyPath: Text
  }

  /// At least one; the first is for clients that name none of them.
  public var certificates: [Certificate]
  /// Which versions and ciphers are offered.
  public var profile: Profile
  /// Whether clients are asked for a certificate.
  public var clientCertificates: ClientCertificates
  /// The authorities that client certificates must come from; set unless none are asked for.
  public var clientAuthorityPath: Text?
  /// What those authorities have revoked; nil if nobody asks.
  public var clientRevocationPath: Text?
  /// Whether sessions can be resumed by tickets.
  public var sessionTickets: Bool
  /// What nodes that stand for each other make the keys of tickets from; nil for random keys.
  public var ticketSecret: Text?
  /// Whether a handshake for a name that no certificate bears is refused.
  public var rejectUnknownNames: Bool
  /// Where it stands in the file.
  public var position: Position
}
