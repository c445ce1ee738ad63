import COpenSSL

/// Hashes bytes with SHA-256 (FIPS 180-4) and allocates nothing once it is made.
///
/// An event loop has one and uses it for every API key: the algorithm is fetched and its state
/// allocated here, once. Not for use by two threads at a time, which is why it is not `Sendable`.
@safe public final class SHA256Hasher {
  private let algorithm: OpaquePointer
  private let context: OpaquePointer

  /// Fetches the algorithm; throws if the library does not offer it or memory is short.
  public init() throws(CryptoError) {
    // Safety: both results are checked, owned by this object and freed in `deinit`.
    ERR_clear_error()
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
      throw .unavailable("SHA-256")
    }
    guard let context = unsafe EVP_MD_CTX_new() else {
      // Safety: fetched just above and stored nowhere.
      unsafe EVP_MD_free(algorithm)
      throw .unavailable("SHA-256")
    }
    // Safety: both are valid pointers of the right kind.
    guard unsafe EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
      // Safety: made just above and stored nowhere.
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_MD_free(algorithm)
      throw .unavailable("SHA-256")
    }
    unsafe (self.algorithm, self.context) = (algorithm, context)
  }

  deinit {
    // Safety: this object owns both, and nothing uses them after it.
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// The SHA-256 digest of `bytes`.
  public func hash(_ bytes: Span<UInt8>) -> Digest256 {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    // Safety: the context was initialised with this algorithm, the span is valid for its count,
    // and 32 bytes are what SHA-256 writes.
    let isDone = unsafe bytes.withUnsafeBytes { source in
      unsafe withUnsafeMutableBytes(of: &words) { target in
        unsafe EVP_DigestInit_ex(context, nil, nil) == 1
          && EVP_DigestUpdate(context, source.baseAddress, source.count) == 1
          && EVP_DigestFinal_ex(
            context, target.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
      }
    }
    precondition(isDone, "SHA-256 over memory cannot fail")
    return Digest256(
      words: (
        words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
      ))
  }
}
