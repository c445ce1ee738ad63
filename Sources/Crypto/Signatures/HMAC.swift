import COpenSSL

/// HMAC over one piece of memory (RFC 2104).
enum HMAC {
  /// The code of `message` under `key`, as long as the hash.
  static func code(_ message: Span<UInt8>, key: Span<UInt8>, _ hash: HashFunction) -> [UInt8] {
    // Safety: the algorithm is the library's own, for ever.
    unsafe code(message, key: key, hash.algorithm, byteCount: hash.byteCount)
  }

  /// The same with an algorithm of the library, whose digests have `byteCount` bytes.
  @unsafe
  static func code(
    _ message: Span<UInt8>, key: Span<UInt8>, _ algorithm: OpaquePointer?, byteCount: Int
  ) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: byteCount)
    var count: UInt32 = 0
    // Safety: both spans are valid for their counts, and the target holds a digest.
    let isDone = unsafe message.withUnsafeBufferPointer { message in
      unsafe key.withUnsafeBytes { key in
        unsafe code.withUnsafeMutableBufferPointer { target in
          unsafe COpenSSL.HMAC(
            algorithm, key.baseAddress, Int32(clamping: key.count), message.baseAddress,
            message.count, target.baseAddress, &count) != nil
        }
      }
    }
    precondition(isDone && Int(count) == code.count, "HMAC over memory cannot fail")
    return code
  }
}
