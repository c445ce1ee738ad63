import Base

/// The form of keys that the gateway makes: `gh_`, 128 random bits, and a checksum.
///
/// The prefix lets scanners for leaked secrets find a key; the checksum lets the gateway refuse a
/// mistyped or made-up one before it is hashed. Keys of any other form are hashed as they are.
public enum KeyForm {
  private static let prefix: StaticString = "gh_"
  private static let randomDigits = 32
  private static let checkDigits = 8

  /// A new key, or another secret that is told by its prefix.
  public static func make(prefix: String = "gh_") throws(CryptoError) -> String {
    let random = try SecureRandom.bytes(randomDigits / 2)
    let digits = random.map { hex(UInt32($0), digits: 2) }.joined()
    return prefix + digits + hex(CRC32.checksum(digits.utf8.span), digits: checkDigits)
  }

  private static func hex(_ number: UInt32, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// Whether a key may be one: true for every key without the prefix.
  public static func isPlausible(_ key: Span<UInt8>) -> Bool {
    guard key.count >= 3, ASCII.equals(key.extracting(first: 3), prefix) else { return true }
    guard key.count == 3 + randomDigits + checkDigits else { return false }
    let checksum = CRC32.checksum(key.extracting(3..<3 + randomDigits))
    var told: UInt32 = 0
    for index in 3 + randomDigits..<key.count {
      guard let digit = ASCII.hexValue(key[index]) else { return false }
      told = told << 4 | UInt32(digit)
    }
    return told == checksum
  }
}
