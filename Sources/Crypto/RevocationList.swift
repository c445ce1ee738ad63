import COpenSSL

/// A list of certificates that an authority has revoked (RFC 5280 §5); never changes.
public final class RevocationList: Sendable {
  package let handle: SharedHandle

  /// Takes over one reference to an `X509_CRL`.
  @unsafe
  package init(owning pointer: OpaquePointer) {
    // Safety: whoever hands the reference over changes the object no more.
    unsafe handle = SharedHandle(pointer)
  }

  deinit {
    // Safety: this object owns one reference.
    unsafe X509_CRL_free(handle.pointer)
  }

  /// Reads every list of a PEM text, in order; other blocks are skipped.
  public static func all(pem: Span<UInt8>) throws(CertificateError) -> [RevocationList] {
    try PEMReader.check(pem, for: .revocationList)
    // Safety: the text outlives the reading of it.
    let (found, isComplete) = unsafe pem.withUnsafeBytes { unsafe PEMReader.revocationLists($0) }
    guard isComplete else { throw .malformed(.revocationList, number: found.count + 1) }
    guard !found.isEmpty else { throw .missing(.revocationList) }
    return found
  }

  /// Whether `authority` made it: the name is its own and the signature too (RFC 5280 §6.3.3).
  public func isIssued(by authority: Certificate) -> Bool {
    // Safety: names and key belong to the two objects, which live through the calls.
    let isNamed =
      unsafe X509_NAME_cmp(
        X509_CRL_get_issuer(handle.pointer), X509_get_subject_name(authority.handle.pointer)) == 0
    guard isNamed, let key = unsafe X509_get0_pubkey(authority.handle.pointer) else { return false }
    defer { ERR_clear_error() }
    return unsafe X509_CRL_verify(handle.pointer, key) == 1
  }

  /// When the next list is to be there at the latest, in seconds since 1970; nil if it does not
  /// say. A list is of no use after that, and certificates of its authority are refused.
  public var nextUpdateUnixSeconds: Int64? {
    // Safety: the time belongs to the list, which `self` keeps alive.
    guard let time = unsafe X509_CRL_get0_nextUpdate(handle.pointer) else { return nil }
    return unsafe CertificateTime.unixSeconds(time)
  }

  /// The SHA-256 digest of its DER form.
  public var fingerprint: Digest256 {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    // Safety: the target holds as many bytes as any digest has.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer { target in
      unsafe X509_CRL_digest(handle.pointer, EVP_sha256(), target.baseAddress, nil) == 1
    }
    guard isDone, let digest = Digest256(bytes: bytes.span.extracting(first: 32)) else {
      preconditionFailure("SHA-256 over memory cannot fail")
    }
    return digest
  }
}
