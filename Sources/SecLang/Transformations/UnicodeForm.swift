/// UTF-8 beyond ASCII as `%uHHHH`.
enum UnicodeForm {
  /// Appends `text` with each sequence of UTF-8 of more than one byte escaped, over-long ones too;
  /// bytes that are none stay as they are.
  static func escape(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      guard text[at] >= 0x80, let (scalar, count) = sequence(text, at) else {
        output.append(text[at])
        at += 1
        continue
      }
      output.append(UInt8(ascii: "%"))
      output.append(UInt8(ascii: "u"))
      if scalar > 0xFFFF { HexCoding.append(UInt8(truncatingIfNeeded: scalar >> 16), to: &output) }
      HexCoding.append(UInt8(truncatingIfNeeded: scalar >> 8), to: &output)
      HexCoding.append(UInt8(truncatingIfNeeded: scalar), to: &output)
      at += count
    }
  }

  private static func sequence(_ text: Span<UInt8>, _ at: Int) -> (UInt32, count: Int)? {
    let first = text[at]
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0
    guard count > 0, first < 0xF8, at + count <= text.count else { return nil }
    var scalar = UInt32(first) & (0xFF >> UInt32(count + 1))
    for place in at + 1..<at + count {
      guard text[place] & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(text[place] & 0x3F)
    }
    return (scalar, count)
  }
}
