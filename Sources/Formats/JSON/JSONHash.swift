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
  public func of(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var at = range.lowerBound
    let end = range.upperBound
    var hash = seed ^ UInt64(truncatingIfNeeded: range.count)
    while at + 8 <= end {
      hash = JSONHash.mix(hash, text.word(at: at))
      at += 8
    }
    if at == end { return JSONHash.mix(hash, seed) }
    var rest: UInt64 = 0
    if range.count >= 8 {
      rest = text.word(at: end - 8)
    } else {
      while at < end {
        rest = rest << 8 | UInt64(text[at])
        at += 1
      }
    }
    return JSONHash.mix(JSONHash.mix(hash, rest), seed)
  }
}
