/// Whose use of what is counted, and in which period: a hash of this process.
public struct UsageKey: Hashable, Sendable {
  /// The halves of the hash.
  public let high, low: UInt64

  /// The key of this hash.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
