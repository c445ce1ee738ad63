/// What a certificate may be used for (extended key usage, RFC 5280 §4.2.1.12).
public enum CertificatePurpose: Hashable, Sendable {
  /// To prove a server to its clients.
  case server
  /// To prove a client to a server.
  case client
  /// Both.
  case serverAndClient

  var extendedKeyUsage: String {
    switch self {
    case .server: "serverAuth"
    case .client: "clientAuth"
    case .serverAndClient: "serverAuth,clientAuth"
    }
  }
}
