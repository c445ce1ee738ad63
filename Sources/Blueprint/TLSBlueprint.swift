public import Formats

/// How a listener speaks TLS.
public struct TLSBlueprint: Sendable {
  /// Which versions and ciphers are offered: Mozilla's server-side recommendations by their names.
  public enum Profile: String, CaseIterable, Sendable { case intermediate, modern }

  /// Whether a client is asked for a certificate.
  public enum ClientCertificates: String, CaseIterable, Sendable { case none, optional, required }

  /// A certificate chain and its private key, both PEM files; the paths are as written.
  public struct Certificate: Sendable {
    public var certificatePath: Text
    public var keyPath: Text
  }

  /// At least one; the first is for clients that name none of them.
  public var certificates: [Certificate]
  public var profile: Profile
  public var clientCertificates: ClientCertificates
  /// The authorities that client certificates must come from; set unless none are asked for.
  public var clientAuthorityPath: Text?
  public var sessionTickets: Bool
  /// Whether a handshake for a name that no certificate bears is refused.
  public var rejectUnknownNames: Bool
  public var position: Position
}
