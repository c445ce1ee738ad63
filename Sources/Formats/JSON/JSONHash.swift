/// Hashes of names, made with a seed that no client knows.
public struct JSONHash: Hashable, Sendable {
  /// The seed: the standard library's, which differs from process to process.
  let seed: UInt64

  /// The same in the whole process.
  public init() {
    var hasher = Hasher()
    hasher.combine(0x4A53_4F4E)
    seed = UInt64(truncatingIfNeeded: hasher.finalize())
  }

  /// Folds the product of two words into one.
  @inline(__always)
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: right ^ 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  /// The hash of a text.
  @inline(__always)
  public func of(_ text: Span<UInt8>) -> UInt64 { of(text, 0..<text.count) }

  /// The hash of a part of a text.
  @inline(__always)
  public func of(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let count = range.count
    if count <= 8 {
      return short(JSONHash.rest(text, range.lowerBound, count), count)
    }
    if count <= 16 {
      return middle(
        text.word(at: range.lowerBound), text.word(at: range.upperBound - 8), count)
    }
    return long(text, range)
  }

  /// The hash of up to eight bytes, which stand in the low places of a word of zeros.
  @inline(__always)
  func short(_ word: UInt64, _ count: Int) -> UInt64 {
    JSONHash.mix(seed ^ UInt64(truncatingIfNeeded: count), word)
  }

  /// The hash of nine to sixteen bytes, by the first and the last eight.
  @inline(__always)
  func middle(_ first: UInt64, _ last: UInt64, _ count: Int) -> UInt64 {
    JSONHash.mix(JSONHash.mix(seed ^ UInt64(truncatingIfNeeded: count), first), last)
  }

  @inline(never)
  private func long(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var at = range.lowerBound
    var hash = seed ^ UInt64(truncatingIfNeeded: range.count)
    while at + 8 < range.upperBound {
      hash = JSONHash.mix(hash, text.word(at: at))
      at += 8
    }
    return JSONHash.mix(hash, text.word(at: range.upperBound - 8))
  }

  /// Up to eight bytes, the first in the lowest place, and zeros.
  @inline(__always)
  private static func rest(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
    if start + 8 <= text.count { return low(text.word(at: start), count) }
    var word: UInt64 = 0
    var at = start + count
    while at > start {
      at -= 1
      word = word << 8 | UInt64(text[at])
    }
    return word
  }

  /// The low `count` bytes of a word, eight at most.
  @inline(__always)
  static func low(_ word: UInt64, _ count: Int) -> UInt64 {
    // Shifts by the whole width give zero.
    word & ~(UInt64.max << UInt64(truncatingIfNeeded: 8 * count))
  }
}
