/// How many different keys there were within a window that moves by halves of its length.
public struct RecentDistinct: Sendable {
  private var current = LinearCount()
  private var previous = LinearCount()
  private var half: UInt32 = 0

  /// None yet.
  public init() {}

  /// Counts a key at a time.
  @inline(__always)
  @discardableResult
  public mutating func insert(_ key: UInt64, at now: UInt64, window: UInt64) -> Bool {
    turn(now, window)
    return current.insert(key)
  }

  /// How many there were in the window that ends now, about.
  public mutating func estimate(at now: UInt64, window: UInt64) -> Double {
    turn(now, window)
    var union = current
    union.formUnion(previous)
    return union.estimate
  }

  @inline(__always)
  private mutating func turn(_ now: UInt64, _ window: UInt64) {
    let place = UInt32(truncatingIfNeeded: now / max(1, window / 2))
    if place == half { return }
    previous = place == half &+ 1 ? current : LinearCount()
    current = LinearCount()
    half = place
  }
}
