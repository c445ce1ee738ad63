/// Why settings could not be made into a TLS context; for the operator, at start or at reload.
public enum TLSSettingsError: Error, Hashable, Sendable {
  /// A server needs at least one certificate.
  case noCertificate
  /// The library refuses the certificate, for instance because its key is too short.
  case unusableCertificate(String)
  /// No application protocol was given, or one is empty or longer than 255 bytes.
  case invalidApplicationProtocol(String)
  /// A name to connect to that is neither a host name nor an IP address.
  case invalidServerName(String)
  /// There is no certificate of an authority to trust, so nobody could be verified.
  case noAuthorities
  /// The system has no bundle of authorities where one is looked for.
  case noSystemAuthorities
  /// The library failed at a step that needs nothing but memory.
  case library(String)
}

extension TLSSettingsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noCertificate: "a TLS server needs at least one certificate"
    case .unusableCertificate(let label):
      "OpenSSL refuses the certificate \(label): its key must be RSA of 2048 bits or more, ECDSA "
        + "or Ed25519, and its signature SHA-256 or better"
    case .invalidApplicationProtocol(let name):
      "\"\(name)\" is no application protocol: 1 to 255 bytes, such as http/1.1"
    case .invalidServerName(let name): "\"\(name)\" is neither a host name nor an IP address"
    case .noAuthorities: "the bundle of authorities holds no certificate"
    case .noSystemAuthorities:
      "the system has no bundle of authorities; install ca-certificates or name a bundle"
    case .library(let step): "OpenSSL failed at: \(step)"
    }
  }
}
