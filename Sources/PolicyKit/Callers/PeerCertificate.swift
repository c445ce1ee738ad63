/// The certificate that a client showed, as policies see it: verified, and in plain values.
public final class PeerCertificate: Sendable {
  /// The 32 bytes of the certificate's SHA-256 digest.
  public let fingerprint: [UInt8]
  /// The subject and the signing authority's, as RFC 2253 text.
  public let subject, issuer: String
  /// The last common name of the subject.
  public let commonName: String?
  /// The alternative names of the subject.
  public let dnsNames, uris, emails: [String]

  /// A certificate that was verified against the listener's authorities.
  public init(
    fingerprint: [UInt8], subject: String, issuer: String, commonName: String?,
    dnsNames: [String], uris: [String], emails: [String]
  ) {
    self.fingerprint = fingerprint
    self.subject = subject
    self.issuer = issuer
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
    self.emails = emails
  }
}
