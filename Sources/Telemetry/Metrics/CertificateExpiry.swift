/// When a certificate that the gateway uses ends.
public struct CertificateExpiry: Sendable {
  /// What it is called in the configuration.
  public var name: String
  /// The end of its validity, in seconds since 1970.
  public var notAfter: Int64

  public init(name: String, notAfter: Int64) {
    self.name = name
    self.notAfter = notAfter
  }
}
