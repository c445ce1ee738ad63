import Base

/// Percent-encoding (RFC 3986 §2.1) as forms write it, undone where it is sound.
enum URLDecoding {
  /// Appends `text` decoded: `+` is a blank, and with `takesUnicode` so are `%uHHHH`, of which full
  /// width forms become ASCII. What is no encoding stays as it is.
  static func decode(_ text: Span<UInt8>, _ output: inout [UInt8], takesUnicode: Bool) {
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "+") {
        output.append(0x20)
        at += 1
        continue
      }
      if byte == UInt8(ascii: "%") {
        if takesUnicode, at + 5 < text.count, text[at + 1] | 0x20 == UInt8(ascii: "u"),
          let scalar = hex(text, at + 2, 4)
        {
          output.append(narrow(scalar))
          at += 6
          continue
        }
        if let value = hex(text, at + 1, 2) {
          output.append(UInt8(truncatingIfNeeded: value))
          at += 3
          continue
        }
      }
      output.append(byte)
      at += 1
    }
  }

  /// Appends `text` with every byte encoded that is no letter, digit, `-`, `_`, `.` or `*`.
  static func encode(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    for at in text.indices {
      let byte = text[at]
      if ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "*")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      {
        output.append(byte)
      } else if byte == 0x20 {
        output.append(UInt8(ascii: "+"))
      } else {
        output.append(UInt8(ascii: "%"))
        HexCoding.append(byte, to: &output)
      }
    }
  }

  /// The number that `count` hexadecimal digits from `at` on are; nil if they are none.
  static func hex(_ text: Span<UInt8>, _ at: Int, _ count: Int) -> UInt32? {
    guard at + count <= text.count else { return nil }
    var value: UInt32 = 0
    for place in at..<at + count {
      guard let digit = ASCII.hexValue(text[place]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The byte that readers of one byte see in a scalar: full width forms are their ASCII.
  static func narrow(_ scalar: UInt32) -> UInt8 {
    if scalar >= 0xFF01, scalar <= 0xFF5E { return UInt8(scalar - 0xFF01 + 0x21) }
    switch scalar {
    case 0x2018, 0x2019, 0x02B9, 0x02BC, 0x2032, 0xFF07: return UInt8(ascii: "'")
    case 0x201C, 0x201D, 0x2033: return UInt8(ascii: "\"")
    case 0x2215, 0x2044: return UInt8(ascii: "/")
    case 0x2216: return UInt8(ascii: "\\")
    case 0x2039, 0x3008: return UInt8(ascii: "<")
    case 0x203A, 0x3009: return UInt8(ascii: ">")
    default: return UInt8(truncatingIfNeeded: scalar)
    }
  }
}
