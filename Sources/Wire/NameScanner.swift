import Base

/// Walks over the letters, digits and dashes that nearly all field names are made of, eight bytes
/// at a time.
enum NameScanner {
  private static let high: UInt64 = 0x8080_8080_8080_8080

  /// How many such bytes stand at the front of a line; sets `hasCapital` if one is a capital.
  ///
  /// It may stop short of the last eight bytes of the line: what follows is looked at singly.
  @inline(__always)
  static func prefix(of line: Span<UInt8>, hasCapital: inout Bool) -> Int {
    var at = 0
    var capitals: UInt64 = 0
    while at + 8 <= line.count {
      // Safety: eight bytes lie there; any of them is a valid integer.
      let loaded = unsafe line.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let letters = letters(word)
      let others = ~(letters | digits(word) | dashes(word)) & high
      if others == 0 {
        capitals |= letters & ~(word << 2)
        at += 8
        continue
      }
      let stop = others.trailingZeroBitCount & ~7
      capitals |= letters & ~(word << 2) & ((1 << UInt64(stop)) &- 1)
      at += stop >> 3
      break
    }
    if capitals & high != 0 { hasCapital = true }
    return at
  }

  // Each returns the high bit of the lanes that hold one. Lanes of 0x80 and above are taken for
  // none: their high bit is cleared at the end, and cannot carry into the next lane before.

  private static func letters(_ word: UInt64) -> UInt64 {
    let small = (word & ~high) | 0x2020_2020_2020_2020
    let isFromA = small &+ 0x1F1F_1F1F_1F1F_1F1F
    let isBeyondZ = small &+ 0x0505_0505_0505_0505
    return isFromA & ~isBeyondZ & ~word & high
  }

  private static func digits(_ word: UInt64) -> UInt64 {
    let low = word & ~high
    let isFromZero = low &+ 0x5050_5050_5050_5050
    let isBeyondNine = low &+ 0x4646_4646_4646_4646
    return isFromZero & ~isBeyondNine & ~word & high
  }

  private static func dashes(_ word: UInt64) -> UInt64 {
    let difference = (word & ~high) ^ 0x2D2D_2D2D_2D2D_2D2D
    return ~(difference &+ 0x7F7F_7F7F_7F7F_7F7F) & ~word & high
  }
}
