import Base

/// Names of requests that are 128 bits in hexadecimal, kept as those bits.
enum RequestName {
  /// Appends the bits of a name; the marks for its form, or 0 if it has another.
  static func append(_ name: Span<UInt8>, to bytes: inout [UInt8]) -> UInt8 {
    guard name.count == 32 || name.count == 36 else { return 0 }
    let start = bytes.count
    var (byte, digits): (UInt8, Int) = (0, 0)
    for place in name.indices {
      if name.count == 36, place == 8 || place == 13 || place == 18 || place == 23 {
        if name[place] == UInt8(ascii: "-") { continue }
        bytes.removeLast(bytes.count - start)
        return 0
      }
      let letter = name[place]
      guard ASCII.isDigit(letter) || (letter >= 0x61 && letter <= 0x66) else {
        bytes.removeLast(bytes.count - start)
        return 0
      }
      byte = byte << 4 | (letter < 0x3A ? letter &- 0x30 : letter &- 0x57)
      digits += 1
      if digits % 2 == 0 { bytes.append(byte) }
    }
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
