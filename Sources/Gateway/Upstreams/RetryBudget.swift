import Base

/// Bounds retries to a share of the requests, so that an outage is not made worse by them.
struct RetryBudget {
  /// What may be saved up, in hundredths of a retry.
  private static let savedMax = 10_000
  /// Retries a second that are always allowed, so that a quiet service has some too.
  private static let perSecondMin: UInt64 = 10

  private let percent: Int
  private var saved = 0
  private var second: UInt64 = 0
  private var used: UInt64 = 0

  init(percent: Int) { self.percent = percent }

  /// A request has begun.
  @inline(__always)
  mutating func deposit() { if saved < RetryBudget.savedMax { saved += percent } }

  /// Whether a retry may be made now; counts it.
  mutating func withdraw(now: Instant) -> Bool {
    if percent == 0 { return false }
    let present = now.nanoseconds / 1_000_000_000
    if present != second { (second, used) = (present, 0) }
    if used < RetryBudget.perSecondMin {
      used += 1
      return true
    }
    if saved < 100 { return false }
    saved -= 100
    return true
  }
}
