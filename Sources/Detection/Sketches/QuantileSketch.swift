/// The quantiles of positive numbers, each within five per cent of the true one, in two kilobytes.
///
/// DDSketch (Masson, Rim and Lee, 2019): numbers are counted in buckets whose bounds grow by one
/// factor. Numbers below 1 count as 1; what is beyond the last bucket counts in it.
public struct QuantileSketch: Sendable {
  /// Buckets for numbers up to 2 to the power of 36.
  private static let buckets = 256
  /// Buckets for each doubling: a factor of 1.102.
  private static let perDoubling = 7.111

  private var counts: [UInt32]
  /// How many numbers there were, less what was forgotten.
  public private(set) var count: Int = 0

  /// No numbers.
  public init() { counts = [UInt32](repeating: 0, count: QuantileSketch.buckets) }

  /// Counts a number.
  public mutating func insert(_ number: Double) {
    // What is no number counts as 1, and what is beyond all bounds in the last bucket.
    let bounded = number > 1 ? min(number, 1e15) : 1
    let exact = Exponent.log2(bounded) * QuantileSketch.perDoubling
    let place = min(Int(exact), QuantileSketch.buckets - 1)
    counts[place] &+= 1
    count += 1
    // Well before a counter is full the old ones lose weight.
    if count >= 1 << 30 { halve() }
  }

  /// The number that a share of all are not greater than; 0 if there are none.
  public func quantile(_ share: Double) -> Double {
    if count == 0 { return 0 }
    let rank = Int((Double(count - 1) * min(max(share, 0), 1)).rounded(.down))
    var below = 0
    for place in counts.indices {
      below += Int(counts[place])
      if below > rank {
        return Exponent.exp2((Double(place) + 0.5) / QuantileSketch.perDoubling)
      }
    }
    return Exponent.exp2(Double(QuantileSketch.buckets) / QuantileSketch.perDoubling)
  }

  /// Halves all counts, so that what is old counts for less.
  public mutating func halve() {
    count = 0
    for place in counts.indices {
      counts[place] >>= 1
      count += Int(counts[place])
    }
  }

  /// Forgets all.
  public mutating func clear() {
    for place in counts.indices { counts[place] = 0 }
    count = 0
  }
}
