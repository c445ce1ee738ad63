/// Bytes as text of 64 characters (RFC 4648), read so strictly that each value has one form.
public enum Base64 {
  /// Which characters, and whether `=` fills the last group.
  public enum Alphabet: Sendable {
    /// With `+` and `/`, and padded (RFC 4648 §4).
    case standard
    /// With `-` and `_`, and never padded, as in tokens (RFC 4648 §5, RFC 7515 §2).
    case url
  }

  /// The bytes that `text` stands for; nil if a character is none of the alphabet's, if the padding
  /// is not as it must be, or if bits that stand for nothing are set.
  public static func decode(_ text: Span<UInt8>, _ alphabet: Alphabet = .url) -> [UInt8]? {
    var count = text.count
    if alphabet == .standard {
      guard count % 4 == 0 else { return nil }
      if count > 0, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
      if count > 0, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    }
    guard count % 4 != 1 else { return nil }
    let values = alphabet == .url ? urlValues : standardValues
    var isValid = true
    let bytes = [UInt8](capacity: count * 3 / 4) { output in
      var group: UInt32 = 0
      var all: UInt8 = 0
      for at in 0..<count {
        let value = values[Int(text[at])]
        all |= value
        group = group << 6 | UInt32(value & 63)
        if at & 3 == 3 {
          output.append(UInt8(truncatingIfNeeded: group >> 16))
          output.append(UInt8(truncatingIfNeeded: group >> 8))
          output.append(UInt8(truncatingIfNeeded: group))
          group = 0
        }
      }
      switch count & 3 {
      case 2:
        output.append(UInt8(truncatingIfNeeded: group >> 4))
        isValid = group & 15 == 0
      case 3:
        output.append(UInt8(truncatingIfNeeded: group >> 10))
        output.append(UInt8(truncatingIfNeeded: group >> 2))
        isValid = group & 3 == 0
      default: break
      }
      if all & 0x80 != 0 { isValid = false }
    }
    return isValid ? bytes : nil
  }

  /// The text for `bytes`.
  public static func encode(_ bytes: Span<UInt8>, _ alphabet: Alphabet = .url) -> String {
    let characters = alphabet == .url ? urlCharacters : standardCharacters
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var at = 0
    while at < bytes.count {
      let left = bytes.count - at
      let group =
        UInt32(bytes[at]) << 16 | (left > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[at + 2]) : 0)
      text.append(characters[Int(group >> 18)])
      text.append(characters[Int(group >> 12 & 63)])
      if left > 1 { text.append(characters[Int(group >> 6 & 63)]) }
      if left > 2 { text.append(characters[Int(group & 63)]) }
      at += 3
    }
    if alphabet == .standard { while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) } }
    return String(decoding: text, as: UTF8.self)
  }

  private static let common = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
  private static let urlCharacters = common + Array("-_".utf8)
  private static let standardCharacters = common + Array("+/".utf8)
  private static let urlValues = values(urlCharacters)
  private static let standardValues = values(standardCharacters)

  /// By byte: its value, or 128 for one that has none.
  private static func values(_ characters: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: 0x80, count: 256)
    for (value, character) in characters.enumerated() {
      values[Int(character)] = UInt8(value)
    }
    return values
  }
}
