/// How many there were within a window that moves by halves of its length.
public struct RecentCount: Sendable {
  private var current: UInt64 = 0
  private var previous: UInt64 = 0
  private var half: UInt32 = 0

  /// None yet.
  public init() {}

  /// Counts `amount` at a time, and tells the sum of the window.
  @inline(__always)
  @discardableResult
  public mutating func add(_ amount: UInt64 = 1, at now: UInt64, window: UInt64) -> UInt64 {
    turn(now, window)
    current &+= amount
    return current &+ previous
  }

  /// The sum of the window that ends now.
  @inline(__always)
  public mutating func value(at now: UInt64, window: UInt64) -> UInt64 {
    turn(now, window)
    return current &+ previous
  }

  @inline(__always)
  private mutating func turn(_ now: UInt64, _ window: UInt64) {
    let place = UInt32(truncatingIfNeeded: now / max(1, window / 2))
    if place == half { return }
    previous = place == half &+ 1 ? current : 0
    current = 0
    half = place
  }
}
