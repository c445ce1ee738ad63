import COpenSSL

/// A private key that never changes and never prints itself; may be shared between threads.
public final class PrivateKey: Sendable {
  package let handle: SharedHandle

  /// Takes over one reference to an `EVP_PKEY`.
  @unsafe
  package init(owning pointer: OpaquePointer) {
    // Safety: whoever hands the reference over changes the object no more.
    unsafe handle = SharedHandle(pointer)
  }

  deinit {
    // Safety: this object owns one reference; OpenSSL wipes the key with the last.
    unsafe EVP_PKEY_free(handle.pointer)
  }

  /// Reads the first private key of a PEM text, in PKCS#8 or the older forms.
  public convenience init(pem: Span<UInt8>) throws(CertificateError) {
    try PEMReader.check(pem, for: .privateKey)
    guard PEMReader.contains(pem, "PRIVATE KEY-----") else { throw .missing(.privateKey) }
    let isEncrypted =
      PEMReader.contains(pem, "BEGIN ENCRYPTED PRIVATE KEY")
      || PEMReader.contains(pem, "Proc-Type: 4,ENCRYPTED")
    if isEncrypted { throw .encryptedKey }
    // Safety: the text outlives the reading of it; the key is owned from here on.
    let read = unsafe pem.withUnsafeBytes { unsafe PEMReader.privateKey($0) }
    guard let read = unsafe read else { throw .malformed(.privateKey, number: 1) }
    unsafe self.init(owning: read)
  }

  /// Makes a new key on the curve P-256.
  public static func generateP256() throws(CertificateError) -> PrivateKey {
    ERR_clear_error()
    // Safety: the new key is owned by the object made from it.
    guard let key = unsafe shim_EVP_EC_gen("P-256") else { throw .generation("a P-256 key") }
    return unsafe PrivateKey(owning: key)
  }

  /// Makes a new RSA key with a modulus of `bits`, from 2048 to 8192; that takes a while.
  public static func generateRSA(bits: Int) throws(CertificateError) -> PrivateKey {
    precondition(
      (PublicKey.modulusBitsMin...PublicKey.modulusBitsMax).contains(bits), "a size that is safe")
    ERR_clear_error()
    // Safety: the new key is owned by the object made from it.
    guard let key = unsafe shim_EVP_RSA_gen(bits) else { throw .generation("an RSA key") }
    return unsafe PrivateKey(owning: key)
  }

  /// Its PKCS#8 PEM text, not encrypted. Write it nowhere but to a file of its owner's.
  public func pem() throws(CertificateError) -> [UInt8] {
    // Safety: the key is valid; no cipher and no passphrase are given.
    let text = unsafe MemoryBIO.bytes {
      unsafe PEM_write_bio_PKCS8PrivateKey($0, handle.pointer, nil, nil, 0, nil, nil) == 1
    }
    guard let text else { throw .generation("the PEM text of a key") }
    return text
  }
}
