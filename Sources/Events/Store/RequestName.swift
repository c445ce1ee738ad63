import Base

/// Names of requests that are 128 bits in hexadecimal, kept as those bits.
enum RequestName {
  /// Appends the bits of a name; the marks for its form, or 0 if it has another.
  static func append(_ name: Span<UInt8>, to bytes: inout [UInt8]) -> UInt8 {
    guard name.count == 32 || name.count == 36 else { return 0 }
    var (high, low, digits): (UInt64, UInt64, Int) = (0, 0, 0)
    for place in name.indices {
      let letter = name[place]
      if name.count == 36, place == 8 || place == 13 || place == 18 || place == 23 {
        if letter == UInt8(ascii: "-") { continue }
        return 0
      }
      let isDigit = ASCII.isDigit(letter)
      guard isDigit || (letter >= 0x61 && letter <= 0x66) else { return 0 }
      let nibble = UInt64(isDigit ? letter &- 0x30 : letter &- 0x57)
      if digits < 16 { high = high << 4 | nibble } else { low = low << 4 | nibble }
      digits += 1
    }
    PageBuilder.append(high.byteSwapped, to: &bytes)
    PageBuilder.append(low.byteSwapped, to: &bytes)
    return name.count == 32 ? PageMarks.hasName : PageMarks.hasName | PageMarks.isUUID
  }

  /// The name whose bits stand at `start`.
  static func text(_ bytes: [UInt8], _ start: Int, mark: UInt8) -> [UInt8] {
    var text: [UInt8] = []
    for place in 0..<16 {
      if mark & PageMarks.isUUID != 0, place == 4 || place == 6 || place == 8 || place == 10 {
        text.append(UInt8(ascii: "-"))
      }
      let byte = bytes[start + place]
      for nibble in [byte >> 4, byte & 15] { text.append(nibble + (nibble < 10 ? 0x30 : 0x57)) }
    }
    return text
  }
}
