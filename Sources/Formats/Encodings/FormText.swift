import Base

/// Text as `application/x-www-form-urlencoded` has it (URL Standard §5).
public enum FormText {
  /// `text` with everything escaped but letters, digits and any of `*-._`.
  public static func encode(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if ASCII.isAlpha(byte) || ASCII.isDigit(byte) || "*-._".utf8.contains(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Pairs as one text.
  public static func encode(_ pairs: [(String, String)]) -> String {
    pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
  }

  /// The pairs of a form or query, in their order; nil if an escape is broken, if what comes of it
  /// is no UTF-8, or if there are more than `countMax`. A name without `=` has an empty value.
  public static func pairs(
    _ text: Substring.UTF8View, countMax: Int = 256
  ) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for part in text.split(separator: UInt8(ascii: "&")) {
      guard pairs.count < countMax else { return nil }
      let mark = part.firstIndex(of: UInt8(ascii: "="))
      guard let name = decode(part[..<(mark ?? part.endIndex)]),
        let value = mark.map({ decode(part[part.index(after: $0)...]) }) ?? ""
      else { return nil }
      pairs.append((name: name, value: value))
    }
    return pairs
  }

  /// What an escaped text stands for; nil if an escape is broken, or if that is no UTF-8. Without
  /// `plusIsSpace`, as in paths, `+` is itself (RFC 3986 §2.1).
  public static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool = true) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var at = text.startIndex
    while at < text.endIndex {
      var byte = text[at]
      if byte == UInt8(ascii: "%") {
        let first = text.index(after: at)
        guard first < text.endIndex, let high = ASCII.hexValue(text[first]) else { return nil }
        let second = text.index(after: first)
        guard second < text.endIndex, let low = ASCII.hexValue(text[second]) else { return nil }
        byte = high << 4 | low
        at = second
      } else if plusIsSpace, byte == UInt8(ascii: "+") {
        byte = UInt8(ascii: " ")
      }
      bytes.append(byte)
      at = text.index(after: at)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x37) }
}
