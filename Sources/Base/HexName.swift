/// Names of 128 bits in hexadecimal, as requests and traces have them: 32 small digits, or a UUID
/// with its hyphens (RFC 9562 §4).
///
/// They are random, and looked at for each request: whatever branches on their digits is guessed
/// wrong by the processor every other time, so that this looks at eight of them at once.
public enum HexName {
  /// The bits; nil for anything else.
  @inline(__always)
  public static func bits(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == 32 || text.count == 36 else { return nil }
    // Safety: all places below lie within the 32 or 36 bytes, which are valid for the call.
    return unsafe text.withUnsafeBytes { bytes in
      func word(_ at: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      }
      // Safety: as above.
      func half(_ at: Int) -> UInt64 {
        UInt64(
          unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
      }
      let words: InlineArray<4, UInt64>
      var isName = true
      if bytes.count == 32 {
        words = [word(0), word(8), word(16), word(24)]
      } else {
        // Safety: as above.
        isName =
          unsafe bytes[8] & bytes[13] & bytes[18] & bytes[23] == UInt8(ascii: "-")
          && bytes[8] | bytes[13] | bytes[18] | bytes[23] == UInt8(ascii: "-")
        words = [word(0), half(9) | half(14) << 32, half(19) | half(24) << 32, word(28)]
      }
      for place in words.indices where !isDigits(words[place]) { isName = false }
      guard isName else { return nil }
      return (value(words[0]) << 32 | value(words[1]), value(words[2]) << 32 | value(words[3]))
    }
  }

  /// Whether eight bytes are all `0` to `9` or `a` to `f`: in each, a sum reaches the high bit
  /// where the byte is not below a bound. A byte above 0x7F fails by itself, whatever it does to
  /// the next one.
  @inline(__always)
  private static func isDigits(_ word: UInt64) -> Bool {
    let (from0, from10) = (word &+ every(0x50), word &+ every(0x46))
    let (fromA, fromG) = (word &+ every(0x1F), word &+ every(0x19))
    let isOne = (from0 & ~from10) | (fromA & ~fromG)
    return isOne & ~word & every(0x80) == every(0x80)
  }

  /// The byte in all eight places.
  @inline(__always)
  private static func every(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// The number that eight digits are, the first byte's the highest.
  @inline(__always)
  private static func value(_ word: UInt64) -> UInt64 {
    let letters = (word >> 6) & every(1)
    let nibbles = (word & every(0x0F)) &+ letters &* 9
    let bytes = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
    let pairs = (bytes << 8 | bytes >> 16) & 0x0000_FFFF_0000_FFFF
    return (pairs << 16 | pairs >> 32) & 0xFFFF_FFFF
  }
}
