/// What is usual for a number: its mean and how far it strays, of which what is old counts for
/// less.
///
/// Exponentially weighted mean and variance (Roberts, 1959; West, 1979). A number that is far out
/// moves it no further than one at four deviations does, so that who does something unusual does
/// not make it usual within a few steps.
public struct Baseline: Sendable {
  /// The usual number.
  public private(set) var mean = 0.0
  private var variance = 0.0
  /// How many numbers it was learnt from.
  public private(set) var count = 0

  /// Nothing is known yet.
  public init() {}

  /// The standard deviation.
  public var deviation: Double { variance.squareRoot() }

  /// Learns a number; each weighs one part in `memory` once there are so many.
  public mutating func learn(_ number: Double, memory: Int = 100, floor: Double = 0) {
    count += 1
    if count == 1 {
      mean = number
      return
    }
    let weight = max(1 / Double(count), 1 / Double(max(2, memory)))
    var difference = number - mean
    if count > 8 {
      let most = 4 * max(deviation, floor)
      difference = min(max(difference, -most), most)
    }
    mean += weight * difference
    variance = (1 - weight) * (variance + weight * difference * difference)
  }

  /// How many deviations a number is from what is usual; a deviation is `floor` at least.
  public func score(_ number: Double, floor: Double) -> Double {
    (number - mean) / max(deviation, floor)
  }
}
