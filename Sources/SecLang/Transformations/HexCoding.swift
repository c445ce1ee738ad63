import Base

/// Bytes as pairs of hexadecimal digits.
enum HexCoding {
  static func append(_ byte: UInt8, to output: inout [UInt8]) {
    for nibble in [byte >> 4, byte & 15] { output.append(nibble + (nibble < 10 ? 0x30 : 0x57)) }
  }

  static func encode(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    for at in text.indices { append(text[at], to: &output) }
  }

  /// Appends the bytes that pairs of digits stand for, up to what is none.
  static func decode(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while let value = URLDecoding.hex(text, at, 2) {
      output.append(UInt8(truncatingIfNeeded: value))
      at += 2
    }
  }

  /// Appends `text` with the hexadecimal literals of SQL, `0x414243`, as what they stand for.
  static func decodeLiterals(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      let isLiteral =
        text[at] == UInt8(ascii: "0") && at + 1 < text.count
        && text[at + 1] | 0x20 == UInt8(ascii: "x") && URLDecoding.hex(text, at + 2, 2) != nil
      guard isLiteral else {
        output.append(text[at])
        at += 1
        continue
      }
      at += 2
      while let value = URLDecoding.hex(text, at, 2) {
        output.append(UInt8(truncatingIfNeeded: value))
        at += 2
      }
    }
  }
}
