import Base

/// One escape of a JSON string (RFC 8259 §7).
struct JSONEscape {
  /// How many bytes it has, the backslash among them.
  let count: Int
  /// What it stands for; nil for half of a surrogate pair.
  let scalar: Unicode.Scalar?

  /// Reads the escape that begins at `at`; nil if there is none.
  init?(_ text: Span<UInt8>, at: Int) {
    guard at + 1 < text.count else { return nil }
    if text[at + 1] != UInt8(ascii: "u") {
      guard let byte = JSONEscape.short(text[at + 1]) else { return nil }
      count = 2
      scalar = Unicode.Scalar(byte)
      return
    }
    guard let first = JSONEscape.unit(text, at: at + 2) else { return nil }
    if first & 0xF800 != 0xD800 {
      count = 6
      scalar = Unicode.Scalar(first)
      return
    }
    let isPair =
      first < 0xDC00 && at + 7 < text.count && text[at + 6] == UInt8(ascii: "\\")
      && text[at + 7] == UInt8(ascii: "u")
    guard isPair, let second = JSONEscape.unit(text, at: at + 8), second & 0xFC00 == 0xDC00 else {
      count = 6
      scalar = nil
      return
    }
    count = 12
    scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
  }

  private static func short(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  private static func unit(_ text: Span<UInt8>, at: Int) -> UInt32? {
    guard at + 4 <= text.count else { return nil }
    var unit: UInt32 = 0
    for index in at..<at + 4 {
      guard let digit = ASCII.hexValue(text[index]) else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// The text of a string that was checked, escapes undone.
  static func text(_ text: Span<UInt8>, _ entry: JSONIndex.Entry) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Int(entry.end - entry.start))
    var at = Int(entry.start)
    while at < Int(entry.end) {
      if text[at] == UInt8(ascii: "\\"), let escape = JSONEscape(text, at: at) {
        if let scalar = escape.scalar, let encoded = UTF8.encode(scalar) {
          result.append(contentsOf: encoded)
        }
        at += escape.count
      } else {
        result.append(text[at])
        at += 1
      }
    }
    return result
  }
}
