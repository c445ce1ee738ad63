import COpenSSL

/// One-time passwords by HMAC, by counter (RFC 4226) and by time (RFC 6238).
public struct OneTimePassword: Sendable {
  /// The hash functions that RFC 6238 §1.2 allows; applications for people know SHA-1 alone.
  public enum Hash: Sendable {
    case sha1, sha256, sha512

    var byteCount: Int {
      switch self {
      case .sha1: 20
      case .sha256: 32
      case .sha512: 64
      }
    }

    var algorithm: OpaquePointer? {
      switch self {
      // Safety: constants of the library.
      case .sha1: unsafe EVP_sha1()
      case .sha256: unsafe EVP_sha256()
      case .sha512: unsafe EVP_sha512()
      }
    }
  }

  /// How long a password by time is shown, in seconds (RFC 6238 §4.1).
  public static let stepSeconds = 30

  private let secret: [UInt8]
  private let digits: Int
  private let hash: Hash

  /// The passwords of a secret, of 6 to 8 digits.
  public init(secret: [UInt8], digits: Int = 6, hash: Hash = .sha1) {
    precondition((6...8).contains(digits), "six to eight digits")
    self.secret = secret
    self.digits = digits
    self.hash = hash
  }

  /// The password of a counter (RFC 4226 §5.3).
  public func code(counter: UInt64) -> String {
    let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
    // Safety: the algorithm is the library's own, for ever.
    let mac = unsafe HMAC.code(
      message.span, key: secret.span, hash.algorithm, byteCount: hash.byteCount)
    let offset = Int(mac[mac.count - 1] & 15)
    let word = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
    let text = "\(word % modulus)"
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// The step of a time in seconds since 1970 at which this password is shown, one before or one
  /// after (RFC 6238 §5.2); nil if it is none of the three. All are compared, whatever the first
  /// says.
  public func step(of code: String, atUnixSeconds now: Int) -> UInt64? {
    let present = UInt64(max(0, now)) / UInt64(OneTimePassword.stepSeconds)
    var found: UInt64?
    for step in (present == 0 ? 0 : present - 1)...(present + 1)
    where ConstantTime.equals(self.code(counter: step).utf8.span, code.utf8.span) {
      found = step
    }
    return found
  }
}
