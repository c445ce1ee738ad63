/// A period of the calendar as clocks on the wall show it, by which quotas are counted.
public enum CalendarPeriod: String, CaseIterable, Sendable {
  case minute, hour, day, week, month

  /// The period that a time is in, from its first millisecond to the one behind its last, in
  /// milliseconds since 1970. Weeks begin on Monday (ISO 8601).
  ///
  /// Where clocks are put forward or back, a day has 23 or 25 hours, and no day is left out.
  public func bounds(
    containing milliseconds: UInt64, in zone: TimeZoneRules
  ) -> (start: UInt64, end: UInt64) {
    let seconds = Int(clamping: milliseconds / 1000)
    let local = seconds + zone.offset(at: seconds)
    switch self {
    case .minute: return CalendarPeriod.fixed(60, seconds, local)
    case .hour: return CalendarPeriod.fixed(3600, seconds, local)
    case .day, .week, .month: break
    }
    let day = local / 86_400
    var (first, next) = days(around: day)
    // Clocks that were put back over midnight show the day before once more: it is over.
    while zone.moment(ofLocal: next * 86_400) <= seconds { (first, next) = days(around: next) }
    return (
      UInt64(max(0, zone.moment(ofLocal: first * 86_400))) * 1000,
      UInt64(max(0, zone.moment(ofLocal: next * 86_400))) * 1000
    )
  }

  /// The first day of the period that a day is in, and of the next, in days since 1970.
  private func days(around day: Int) -> (first: Int, next: Int) {
    switch self {
    case .minute, .hour, .day: return (day, day + 1)
    case .week:
      // 1970-01-01 was a Thursday.
      let first = day - (day + 3) % 7
      return (first, first + 7)
    case .month:
      let (year, month, _) = Timestamp.date(days: day)
      return (
        Timestamp.days(year, month, 1),
        month == 12 ? Timestamp.days(year + 1, 1, 1) : Timestamp.days(year, month + 1, 1)
      )
    }
  }

  private static func fixed(
    _ length: Int, _ seconds: Int, _ local: Int
  ) -> (start: UInt64, end: UInt64) {
    let start = seconds - local % length
    return (UInt64(max(0, start)) * 1000, UInt64(max(0, start + length)) * 1000)
  }
}
