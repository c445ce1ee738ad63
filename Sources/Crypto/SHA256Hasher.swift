import COpenSSL

/// Hashes bytes with SHA-256 (FIPS 180-4) and never allocates.
///
/// It stands on OpenSSL's low-level functions with their state on the stack, not on EVP: up to
/// OpenSSL 3.0 `EVP_DigestInit_ex` frees and allocates its state for every digest, even if the same
/// context is used again, and one digest is made for every request that bears an API key. They are
/// the same code underneath, with the same processor instructions, but pass a FIPS provider by.
public struct SHA256Hasher: Sendable {
  public init() {}

  /// The SHA-256 digest of `bytes`.
  public func hash(_ bytes: Span<UInt8>) -> Digest256 {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var state = SHA256_CTX()
    // Safety: the state is initialised first, the span is valid for its count, and 32 bytes are
    // what SHA-256 writes.
    let isDone = unsafe bytes.withUnsafeBytes { source in
      unsafe withUnsafeMutableBytes(of: &words) { target in
        unsafe SHA256_Init(&state) == 1
          && SHA256_Update(&state, source.baseAddress, source.count) == 1
          && SHA256_Final(target.baseAddress?.assumingMemoryBound(to: UInt8.self), &state) == 1
      }
    }
    precondition(isDone, "SHA-256 over memory cannot fail")
    return Digest256(
      words: (
        words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
      ))
  }
}
