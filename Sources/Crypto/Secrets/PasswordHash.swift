import Base

/// A password as it is kept: Argon2id with its cost and salt, written as `$argon2id$v=19$…`.
public struct PasswordHash: Hashable, Sendable {
  /// What is kept.
  public let text: String
  private let cost: Argon2id
  private let salt: [UInt8]
  private let tag: [UInt8]

  private static let saltBytes = 16
  private static let tagBytes = 32

  /// The hash of a password under a new salt.
  public init(of password: String, cost: Argon2id = .standard) throws(CryptoError) {
    let salt = try SecureRandom.bytes(PasswordHash.saltBytes)
    let tag = try cost.key(
      password: password.utf8.span, salt: salt.span, count: PasswordHash.tagBytes)
    self.cost = cost
    self.salt = salt
    self.tag = tag
    text =
      "$argon2id$v=19$m=\(cost.memoryKibibytes),t=\(cost.passes),p=\(cost.lanes)$"
      + PasswordHash.encoded(salt) + "$" + PasswordHash.encoded(tag)
  }

  /// Reads what was kept; nil for anything else, and for a cost that nobody would have asked for.
  public init?(_ text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
      let salt = PasswordHash.decoded(parts[4]), let tag = PasswordHash.decoded(parts[5]),
      (8...64).contains(salt.count), (16...64).contains(tag.count)
    else { return nil }
    let numbers = parts[3].split(separator: ",").compactMap { part -> (Substring, UInt32)? in
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let number = UInt32(pair[1]) else { return nil }
      return (pair[0], number)
    }
    guard numbers.map(\.0) == ["m", "t", "p"], (8...1_048_576).contains(numbers[0].1),
      (1...64).contains(numbers[1].1), (1...64).contains(numbers[2].1)
    else { return nil }
    self.text = text
    self.salt = salt
    self.tag = tag
    cost = Argon2id(memoryKibibytes: numbers[0].1, passes: numbers[1].1, lanes: numbers[2].1)
  }

  /// Whether `password` is the one; takes as long for a wrong one as for the right one.
  public func matches(_ password: String) -> Bool {
    guard
      let made = try? cost.key(
        password: password.utf8.span, salt: salt.span, count: tag.count)
    else { return false }
    return ConstantTime.equals(made.span, tag.span)
  }

  /// Whether today's hashes cost more: at the next login it is to be made anew.
  public func isOutdated(against now: Argon2id = .standard) -> Bool { cost != now }

  // MARK: Base64 without padding, as the form has it

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func encoded(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  private static func decoded(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 {
      guard let value = alphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bits & ((1 << UInt32(count)) - 1) == 0 ? bytes : nil
  }
}
