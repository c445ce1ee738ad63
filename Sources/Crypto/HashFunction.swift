import COpenSSL

/// A member of the SHA-2 family, as signatures and authentication codes name it (FIPS 180-4).
public enum HashFunction: Int, CaseIterable, Sendable {
  case sha256 = 32
  case sha384 = 48
  case sha512 = 64

  /// How long a digest is, in bytes.
  public var byteCount: Int { rawValue }

  /// The digest of `bytes`.
  public func hash(_ bytes: Span<UInt8>) -> [UInt8] {
    // Safety: the digest is copied while it is valid.
    unsafe withDigest(of: bytes) { unsafe [UInt8]($0) }
  }

  /// OpenSSL's description of it, which lives for ever.
  var algorithm: OpaquePointer? {
    switch self {
    // Safety: constants of the library.
    case .sha256: unsafe EVP_sha256()
    case .sha384: unsafe EVP_sha384()
    case .sha512: unsafe EVP_sha512()
    }
  }

  /// Hands `body` the digest of `bytes`, on the stack, without a call to the allocator.
  @unsafe
  func withDigest<Result>(
    of bytes: Span<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    // Safety: the buffer holds as many bytes as the function writes, and outlives `body`.
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rawValue) { digest in
      let isDone = unsafe bytes.withUnsafeBytes { unsafe write($0, to: digest.baseAddress) }
      precondition(isDone, "a digest over memory cannot fail")
      return unsafe body(UnsafeBufferPointer(digest))
    }
  }

  @unsafe
  private func write(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>?)
    -> Bool
  {
    // Safety: the state is set up first; the target has room for the digest.
    switch self {
    case .sha256:
      var state = SHA256_CTX()
      return unsafe SHA256_Init(&state) == 1
        && SHA256_Update(&state, bytes.baseAddress, bytes.count) == 1
        && SHA256_Final(target, &state) == 1
    case .sha384:
      var state = SHA512_CTX()
      return unsafe SHA384_Init(&state) == 1
        && SHA384_Update(&state, bytes.baseAddress, bytes.count) == 1
        && SHA384_Final(target, &state) == 1
    case .sha512:
      var state = SHA512_CTX()
      return unsafe SHA512_Init(&state) == 1
        && SHA512_Update(&state, bytes.baseAddress, bytes.count) == 1
        && SHA512_Final(target, &state) == 1
    }
  }
}
