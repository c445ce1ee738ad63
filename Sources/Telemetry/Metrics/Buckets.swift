/// The bounds of the histograms, in microseconds and rising, and where a duration belongs.
enum Buckets {
  static let requests: [UInt64] = [
    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
  ]
  /// Coarser, for there may be thousands of routes.
  static let routes: [UInt64] = [5000, 25_000, 100_000, 500_000, 1_000_000, 5_000_000]
  /// Of the loops' rounds.
  static let rounds: [UInt64] = [100, 1000, 5000, 10_000, 50_000, 100_000, 500_000]

  /// The first bucket whose bound is not below the duration; the last has none.
  @inline(__always)
  static func place(_ nanoseconds: UInt64, in bounds: [UInt64]) -> Int {
    var place = 0
    while place < bounds.count, nanoseconds > bounds[place] &* 1000 { place += 1 }
    return place
  }
}
