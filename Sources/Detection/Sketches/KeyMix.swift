/// Turns texts and numbers into keys of tables and sketches, under a seed that strangers do not
/// know.
///
/// Each word is multiplied into the state and the two halves of the product are folded, so that
/// all bits of a key depend on all of what went in. It keeps nothing secret: without the seed
/// nobody can choose what collides, and that is all it is for.
public struct KeyMix: Sendable {
  private static let odd: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)

  private let seed: UInt64

  /// Keys under `seed`.
  public init(seed: UInt64) { self.seed = KeyMix.fold(seed ^ KeyMix.odd.0, KeyMix.odd.1) }

  /// The key of some words.
  @inline(__always)
  public func key(_ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) -> UInt64 {
    var state = KeyMix.fold(seed ^ first, KeyMix.odd.0)
    state = KeyMix.fold(state ^ second, KeyMix.odd.1)
    return KeyMix.fold(state ^ third, KeyMix.odd.0 ^ seed)
  }

  /// The key of a text.
  public func key(_ bytes: Span<UInt8>, lowercasing: Bool = false) -> UInt64 {
    var state = seed ^ UInt64(bytes.count)
    var word: UInt64 = 0
    var filled = 0
    for place in bytes.indices {
      var byte = bytes[place]
      if lowercasing, byte &- 0x41 < 26 { byte |= 0x20 }
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled == 8 {
        state = KeyMix.fold(state ^ word, KeyMix.odd.0)
        (word, filled) = (0, 0)
      }
    }
    return KeyMix.fold(KeyMix.fold(state ^ word, KeyMix.odd.1), KeyMix.odd.0 ^ seed)
  }

  /// The key of a text.
  public func key(_ text: String) -> UInt64 { key(Array(text.utf8).span) }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right | 1)
    return product.high ^ product.low ^ left
  }
}
