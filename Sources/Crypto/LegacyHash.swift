import COpenSSL

/// SHA-1 (FIPS 180-4 §6.1), for names that others chose it for; it protects nothing any more.
public enum LegacyHash {
  /// The 20 bytes of the digest of `bytes`.
  public static func sha1(_ bytes: Span<UInt8>) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    // Safety: the target has room for the digest, and both outlive the call.
    let isDone = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe digest.withUnsafeMutableBufferPointer { target in
        unsafe SHA1(source.baseAddress, source.count, target.baseAddress) != nil
      }
    }
    precondition(isDone, "a digest over memory cannot fail")
    return digest
  }
}
