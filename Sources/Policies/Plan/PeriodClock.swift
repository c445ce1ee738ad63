import Formats
import Synchronization

/// The present period of a calendar, worked out once for each.
final class PeriodClock: Sendable {
  private let period: CalendarPeriod
  private let zone: TimeZoneRules
  private let present = Mutex<(start: UInt64, end: UInt64)>((0, 0))

  init(_ period: CalendarPeriod, _ zone: TimeZoneRules) {
    self.period = period
    self.zone = zone
  }

  /// The period that a time is in, in milliseconds since 1970.
  func bounds(at now: UInt64) -> (start: UInt64, end: UInt64) {
    present.withLock { present in
      if now < present.start || now >= present.end {
        present = period.bounds(containing: now, in: zone)
      }
      return present
    }
  }
}
