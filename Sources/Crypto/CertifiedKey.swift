import COpenSSL

/// A certificate, the certificates that lead from it to an authority, and its private key.
public struct CertifiedKey: Sendable {
  /// The most certificates that a chain may have; real ones have two to four.
  public static let chainCountMax = 16

  /// The certificate of the key: the first of the file.
  public let certificate: Certificate
  /// The certificates behind the first, in the file's order.
  public let intermediates: [Certificate]
  public let privateKey: PrivateKey

  /// Reads a chain and its key from PEM texts, which may be one and the same.
  ///
  /// Throws if either cannot be read, if the key is not that of the first certificate, or if that
  /// certificate is not valid at `nowUnixSeconds`.
  public init(
    certificatePEM: [UInt8], keyPEM: [UInt8], nowUnixSeconds: Int64
  ) throws(CertificateError) {
    let chain = try Certificate.all(pem: certificatePEM.span)
    guard chain.count <= CertifiedKey.chainCountMax else { throw .tooLarge(.certificate) }
    try self.init(
      certificate: chain[0], intermediates: Array(chain.dropFirst()),
      privateKey: PrivateKey(pem: keyPEM.span))
    let subject = certificate.label
    let (from, to) = (certificate.notBeforeUnixSeconds, certificate.notAfterUnixSeconds)
    if nowUnixSeconds > to { throw .expired(subject: subject, notAfterUnixSeconds: to) }
    if nowUnixSeconds < from { throw .notYetValid(subject: subject, notBeforeUnixSeconds: from) }
  }

  init(
    certificate: Certificate, intermediates: [Certificate], privateKey: PrivateKey
  ) throws(CertificateError) {
    // Safety: both are valid; the check compares public parts and changes neither.
    let fits = unsafe X509_check_private_key(
      certificate.handle.pointer, privateKey.handle.pointer)
    ERR_clear_error()
    guard fits == 1 else { throw .keyMismatch(subject: certificate.label) }
    self.certificate = certificate
    self.intermediates = intermediates
    self.privateKey = privateKey
  }
}
