import COpenSSL

/// Comparison of secrets.
public enum ConstantTime {
  /// Whether two spans hold the same bytes, in a time that depends on their lengths alone.
  public static func equals(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    // Safety: both pointers are valid for the common count during the call.
    return unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
          return true
        }
        return unsafe CRYPTO_memcmp(leftStart, rightStart, left.count) == 0
      }
    }
  }
}
