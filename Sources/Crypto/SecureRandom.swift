import COpenSSL

/// Random bytes that nobody can predict, from OpenSSL's generator.
public enum SecureRandom {
  /// Overwrites `bytes` with random bytes; throws if the generator fails, and then they must not
  /// be used.
  public static func fill(_ bytes: inout [UInt8]) throws(CryptoError) {
    // Safety: the pointer is valid for the array's count during the call.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer { target in
      unsafe target.isEmpty || RAND_bytes(target.baseAddress, Int32(target.count)) == 1
    }
    guard isDone else { throw .noRandomness }
  }

  /// `count` random bytes, at most 1 MiB.
  public static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    precondition(count >= 0 && count <= 1 << 20, "a count of random bytes within 1 MiB")
    var bytes = [UInt8](repeating: 0, count: count)
    try fill(&bytes)
    return bytes
  }

  /// 64 random bits, for instance as a seed.
  public static func word() throws(CryptoError) -> UInt64 {
    try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
