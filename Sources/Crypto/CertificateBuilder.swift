import COpenSSL

/// Puts a certificate together, step by step, until it is signed.
@safe final class CertificateBuilder {
  private let pointer: OpaquePointer
  private let issuer: Certificate?

  /// Begins a certificate for `key` with a random serial number; without an issuer it will be
  /// signed by itself.
  init(
    subject: [UInt8], key: PrivateKey, issuer: Certificate? = nil
  ) throws(CertificateError) {
    ERR_clear_error()
    // Safety: the certificate is owned by this object from here on.
    guard let pointer = unsafe X509_new() else { throw .generation("a certificate") }
    unsafe self.pointer = pointer
    self.issuer = issuer
    // Safety: all pointers are valid; OpenSSL copies the names and counts a reference to the key.
    let isDone =
      unsafe X509_set_version(pointer, Int(X509_VERSION_3)) == 1
      && X509_set_pubkey(pointer, key.handle.pointer) == 1
      && X509_NAME_add_entry_by_NID(
        X509_get_subject_name(pointer), NID_commonName, MBSTRING_UTF8, subject,
        Int32(subject.count), -1, 0) == 1
      && X509_set_issuer_name(
        pointer, X509_get_subject_name(issuer?.handle.pointer ?? pointer)) == 1
    guard isDone else { throw .generation("a certificate") }
    try setRandomSerialNumber()
  }

  deinit {
    // Safety: this object owns the certificate; signing takes a reference of its own.
    unsafe X509_free(pointer)
  }

  /// Valid from one day earlier, for clocks that are slow, for `days` from `fromUnixSeconds`.
  func setValidity(fromUnixSeconds: Int64, days: Int) {
    let first = Int(fromUnixSeconds) - 86_400
    let last = first + max(1, days) * 86_400
    // Safety: both times belong to the certificate.
    unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), first)
    unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), last)
  }

  /// Adds the extension `kind` with a value in OpenSSL's notation.
  func add(_ kind: Int32, _ value: String) throws(CertificateError) {
    // Safety: the context only borrows both certificates, for these calls alone; the extension is
    // copied by the certificate and freed here.
    var context = unsafe X509V3_CTX()
    let issuing = unsafe issuer?.handle.pointer ?? pointer
    unsafe X509V3_set_ctx(&context, issuing, pointer, nil, nil, 0)
    let made = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value)
    defer { unsafe X509_EXTENSION_free(made) }
    guard unsafe made != nil, unsafe X509_add_ext(pointer, made, -1) == 1 else {
      throw .generation("the extension \(value)")
    }
  }

  /// Signs it with the issuer's key and SHA-256.
  func sign(with key: PrivateKey) throws(CertificateError) -> Certificate {
    // Safety: the certificate gets a second reference for the object that is returned.
    guard unsafe X509_sign(pointer, key.handle.pointer, EVP_sha256()) > 0,
      unsafe X509_up_ref(pointer) == 1
    else { throw .generation("a signature") }
    return unsafe Certificate(owning: pointer)
  }

  /// 127 random bits (CA/Browser Forum Baseline Requirements §7.1: at least 64).
  private func setRandomSerialNumber() throws(CertificateError) {
    var bytes: [UInt8]
    do { bytes = try SecureRandom.bytes(16) } catch { throw .generation("a serial number") }
    bytes[0] &= 0x7F
    bytes[15] |= 1
    // Safety: the number is made and freed here; the serial number belongs to the certificate.
    let number = unsafe BN_bin2bn(bytes, Int32(bytes.count), nil)
    defer { unsafe BN_free(number) }
    guard unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
      throw .generation("a serial number")
    }
  }
}
