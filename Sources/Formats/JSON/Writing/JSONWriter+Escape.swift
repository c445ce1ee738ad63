public import Base

extension JSONWriter {
  /// Appends `text` as a JSON string with its quotes.
  public static func append(quoted text: Span<UInt8>, to buffer: inout ByteBuffer) {
    buffer.reserve(text.count + 2)
    buffer.append(UInt8(ascii: "\""))
    var plainStart = 0
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        at += 1
        continue
      }
      let (scalar, length) = byte < 0x80 ? (UInt32(byte), 1) : decode(text, at)
      if byte >= 0x80, let scalar, !isHidden(scalar) {
        at += length
        continue
      }
      buffer.append(text.extracting(plainStart..<at))
      append(escaped: scalar ?? 0xFFFD, to: &buffer)
      at += length
      plainStart = at
    }
    buffer.append(text.extracting(plainStart..<text.count))
    buffer.append(UInt8(ascii: "\""))
  }

  private static func append(escaped scalar: UInt32, to buffer: inout ByteBuffer) {
    switch scalar {
    case 0x22: buffer.append("\\\"")
    case 0x5C: buffer.append("\\\\")
    case 0x0A: buffer.append("\\n")
    case 0x0D: buffer.append("\\r")
    case 0x09: buffer.append("\\t")
    case 0x10000...:
      append(unit: 0xD800 + (scalar - 0x10000) >> 10, to: &buffer)
      append(unit: 0xDC00 + (scalar & 0x3FF), to: &buffer)
    default: append(unit: scalar, to: &buffer)
    }
  }

  /// Appends one UTF-16 unit as `\u` and four digits.
  private static func append(unit: UInt32, to buffer: inout ByteBuffer) {
    buffer.append("\\u")
    for place in 0..<4 {
      let digit = UInt8(truncatingIfNeeded: unit >> UInt32(12 - 4 * place)) & 15
      buffer.append(digit &+ (digit < 10 ? 0x30 : 0x57))
    }
  }

  /// Whether a character beyond ASCII changes how the text around it is shown: C1 controls, soft
  /// hyphen, line separators, zero-width, the bidirectional controls (UAX #9 §2), and tags.
  private static func isHidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0xAD, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  /// The character at `at` and its length, or nil and how many bytes to replace (Unicode §3.9,
  /// table 3-7: overlong forms, surrogates and what is beyond U+10FFFF are no characters).
  private static func decode(_ text: Span<UInt8>, _ at: Int) -> (UInt32?, Int) {
    let lead = text[at]
    let count: Int
    var range: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF:
      count = 3
      if lead == 0xE0 { range = 0xA0...0xBF } else if lead == 0xED { range = 0x80...0x9F }
    case 0xF0...0xF4:
      count = 4
      if lead == 0xF0 { range = 0x90...0xBF } else if lead == 0xF4 { range = 0x80...0x8F }
    default: return (nil, 1)
    }
    var scalar = UInt32(lead) & (0x7F >> UInt32(count))
    for offset in 1..<count {
      guard at + offset < text.count, range.contains(text[at + offset]) else {
        return (nil, offset)
      }
      scalar = scalar << 6 | UInt32(text[at + offset] & 0x3F)
      range = 0x80...0xBF
    }
    return (scalar, count)
  }
}
