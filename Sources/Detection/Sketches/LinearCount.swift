/// How many different keys there were, up to about a thousand, in 32 bytes.
///
/// Linear counting (Whang, Vander-Zanden and Taylor, "A linear-time probabilistic counting
/// algorithm for database applications", 1990): of 256 bits, those still clear tell how many keys
/// set others. The standard error is 5% at 20 keys and 6% at 300.
public struct LinearCount: Sendable {
  /// So many bits there are.
  static let bits = 256

  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// None yet.
  public init() {}

  /// Counts a key; tells whether it may have been new.
  @inline(__always)
  @discardableResult
  public mutating func insert(_ key: UInt64) -> Bool {
    let bit: UInt64 = 1 << (key & 63)
    switch key >> 6 & 3 {
    case 0: return LinearCount.set(&words.0, bit)
    case 1: return LinearCount.set(&words.1, bit)
    case 2: return LinearCount.set(&words.2, bit)
    default: return LinearCount.set(&words.3, bit)
    }
  }

  @inline(__always)
  private static func set(_ word: inout UInt64, _ bit: UInt64) -> Bool {
    if word & bit != 0 { return false }
    word |= bit
    return true
  }

  /// Counts what another has counted.
  public mutating func formUnion(_ other: LinearCount) {
    words.0 |= other.words.0
    words.1 |= other.words.1
    words.2 |= other.words.2
    words.3 |= other.words.3
  }

  /// Whether nothing was counted.
  public var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

  /// How many there were, about.
  public var estimate: Double {
    let used =
      words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount
      + words.3.nonzeroBitCount
    // With no bit left clear, one is taken for clear: about 1,400 and more.
    let clear = Double(max(1, LinearCount.bits - used))
    let share = clear / Double(LinearCount.bits)
    return -Double(LinearCount.bits) * Exponent.log2(share) * 0.693_147_180_559_945_3
  }
}
