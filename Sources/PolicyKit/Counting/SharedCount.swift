/// One count that several gateways keep together, as a policy asks for it.
public struct SharedCount: Hashable, Sendable {
  /// How it is counted.
  public enum Manner: UInt8, Sendable {
    /// The generic cell rate algorithm.
    case gcra
    /// A count that starts anew at each window's bound.
    case fixedWindow
    /// The present window and the share of the one before that is still in sight.
    case slidingWindow
  }

  /// Whose count it is: a hash, so that nothing of a request gets into the store as it is.
  public struct Key: Hashable, Sendable {
    /// The halves of the hash.
    public let high, low: UInt64

    /// The key of this hash.
    public init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }
  }

  /// Whose count it is.
  public let key: Key
  /// How it is counted.
  public let manner: Manner
  /// How many pass in a window, and how long that is.
  public let limit, windowSeconds: UInt64
  /// How many may come at once (gcra).
  public let burst: UInt64
  /// How many are wanted.
  public let wanted: UInt64
  /// Whether fewer than wanted will do, down to one.
  public let isPartial: Bool
  /// How many that were taken before are given back.
  public let returned: UInt64

  /// A count of the caller with this key.
  public init(
    key: Key, manner: Manner, limit: UInt64, windowSeconds: UInt64,
    burst: UInt64, wanted: UInt64 = 1, isPartial: Bool = false, returned: UInt64 = 0
  ) {
    self.key = key
    self.manner = manner
    self.limit = limit
    self.windowSeconds = windowSeconds
    self.burst = burst
    self.wanted = wanted
    self.isPartial = isPartial
    self.returned = returned
  }
}
