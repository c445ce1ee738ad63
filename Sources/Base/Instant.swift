/// A point on the monotonic clock, in nanoseconds since an arbitrary start.
///
/// Deadlines and durations use it, so that a step of the wall clock neither fires nor delays one.
public struct Instant: Comparable, Hashable, Sendable {
  /// Time since the start of the clock.
  public var nanoseconds: UInt64

  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Later than any deadline.
  public static var distantFuture: Instant { Instant(nanoseconds: .max) }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `milliseconds` later; stays at `distantFuture` when that is passed.
  public func adding(milliseconds: Int) -> Instant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(
      UInt64(clamping: milliseconds) &* 1_000_000)
    return overflow ? .distantFuture : Instant(nanoseconds: sum)
  }

  /// Nanoseconds from `earlier` to this; 0 if `earlier` is later.
  public func since(_ earlier: Instant) -> UInt64 {
    nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
  }
}
