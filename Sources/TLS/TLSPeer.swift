import Crypto

/// What a verified certificate of the other side says, for those who deal with no certificates.
public struct TLSPeer: Sendable {
  /// The SHA-256 digest of the certificate.
  public let fingerprint: [UInt8]
  /// The subject and the signing authority's, as RFC 2253 text.
  public let subject, issuer: String
  /// The last common name of the subject.
  public let commonName: String?
  /// The alternative names of the subject.
  public let dnsNames, uris, emails: [String]

  init(_ certificate: Certificate) {
    fingerprint = certificate.fingerprint.bytes
    subject = certificate.subject
    issuer = certificate.issuer
    commonName = certificate.commonName
    dnsNames = certificate.dnsNames
    uris = certificate.uris
    emails = certificate.emails
  }
}

extension TLSSession {
  /// What the other side's certificate says; nil if it showed none. Read it once and keep it.
  public var peer: TLSPeer? { peerCertificate.map(TLSPeer.init) }
}
