import Base

/// Names of requests that are 128 bits in hexadecimal, kept as those bits.
enum RequestName {
  /// Appends the bits of a name; the marks for its form, or 0 if it has another.
  static func append(_ name: Span<UInt8>, to bytes: inout [UInt8]) -> UInt8 {
    guard let bits = HexName.bits(name) else { return 0 }
    PageBuilder.append(bits.high.byteSwapped, to: &bytes)
    PageBuilder.append(bits.low.byteSwapped, to: &bytes)
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
