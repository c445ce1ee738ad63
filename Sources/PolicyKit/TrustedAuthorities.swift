/// The authorities whose certificates are believed when the gateway asks a server for a policy.
public struct TrustedAuthorities: Sendable {
  /// Their certificates as PEM text, at least one.
  public let pem: [UInt8]
  /// The same for the same text, and different for another.
  public let fingerprint: String

  /// Authorities whose text was read and checked.
  public init(pem: [UInt8], fingerprint: String) {
    self.pem = pem
    self.fingerprint = fingerprint
  }
}
