import COpenSSL

/// Authenticates bytes under one key with HMAC-SHA-256 (RFC 2104, RFC 6234).
///
/// The key stays inside OpenSSL's state and is wiped with it. Not for use by two threads at a
/// time, which is why it is not `Sendable`.
@safe public final class HMACSHA256 {
  private let context: OpaquePointer

  /// Takes a key of any length from 1 byte up; 32 random bytes are the usual choice.
  public init(key: Span<UInt8>) throws(CryptoError) {
    guard key.count > 0 else { throw .emptyKey }
    // Safety: the algorithm is reference counted by the context that is made from it.
    ERR_clear_error()
    let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
    defer { unsafe EVP_MAC_free(algorithm) }
    guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { throw .unavailable("HMAC") }
    guard unsafe HMACSHA256.prepare(context, key: key) else {
      // Safety: made just above and stored nowhere.
      unsafe EVP_MAC_CTX_free(context)
      throw .unavailable("HMAC-SHA-256")
    }
    unsafe self.context = context
  }

  deinit {
    // Safety: this object owns the context, and nothing uses it after it.
    unsafe EVP_MAC_CTX_free(context)
  }

  /// The authentication code of `bytes`. Compare it with `constantTimeEquals` alone.
  public func authenticate(_ bytes: Span<UInt8>) -> Digest256 {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    // Safety: the context holds a key, the span is valid for its count, and the target holds the
    // 32 bytes that HMAC-SHA-256 writes.
    let isDone = unsafe bytes.withUnsafeBytes { source in
      unsafe withUnsafeMutableBytes(of: &words) { target in
        unsafe EVP_MAC_init(context, nil, 0, nil) == 1
          && EVP_MAC_update(
            context, source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count) == 1
          && EVP_MAC_final(
            context, target.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, 32) == 1
      }
    }
    precondition(isDone, "HMAC over memory cannot fail")
    return Digest256(
      words: (
        words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
      ))
  }

  @unsafe
  private static func prepare(_ context: OpaquePointer, key: Span<UInt8>) -> Bool {
    // Safety: the key outlives the call that reads it; the parameters' names are C literals.
    unsafe key.withUnsafeBufferPointer { key in
      let parameters = unsafe [shim_OSSL_MAC_PARAM_DIGEST_SHA256(), OSSL_PARAM_construct_end()]
      return unsafe EVP_MAC_init(context, key.baseAddress, key.count, parameters) == 1
    }
  }
}
