/// How often each of any number of keys was seen: never too few, and seldom too many.
///
/// The count-min sketch (Cormode and Muthukrishnan, 2005) with conservative update (Estan and
/// Varghese, 2002): of four rows of counters, only those are raised that hold the least. What is
/// told is too high by more than 2.72 times the sum divided by the width for one key in 55 at most.
public struct CountMinSketch: Sendable {
  private static let rows = 4

  private var counters: [UInt32]
  private let mask: UInt64
  private let width: Int

  /// A sketch with rows of `width` counters, a power of two.
  public init(width: Int = 4096) {
    var size = 16
    while size < width { size *= 2 }
    self.width = size
    mask = UInt64(size - 1)
    counters = [UInt32](repeating: 0, count: size * CountMinSketch.rows)
  }

  /// Counts a key, and tells how often it was seen by now.
  @discardableResult
  public mutating func insert(_ key: UInt64) -> UInt32 {
    let least = self[key]
    if least == .max { return least }
    for row in 0..<CountMinSketch.rows {
      let place = place(key, row)
      if counters[place] == least { counters[place] = least + 1 }
    }
    return least + 1
  }

  /// How often a key was seen, at most.
  public subscript(_ key: UInt64) -> UInt32 {
    var least = UInt32.max
    for row in 0..<CountMinSketch.rows { least = min(least, counters[place(key, row)]) }
    return least
  }

  /// Halves all counters, so that what is old counts for less.
  public mutating func halve() {
    for place in counters.indices { counters[place] >>= 1 }
  }

  /// The places in the rows are those of two hashes that are combined (Kirsch and Mitzenmacher,
  /// "Less hashing, same performance", 2006).
  @inline(__always)
  private func place(_ key: UInt64, _ row: Int) -> Int {
    let second = (key >> 32) | 1
    return row * width + Int((key &+ UInt64(row) &* second) & mask)
  }
}
