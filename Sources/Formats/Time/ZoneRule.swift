/// What holds in a time zone from its last known change on, as TZ variables write it (POSIX.1-2024
/// §8.3, RFC 9636 §3.3): `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Hashable, Sendable {
  /// The day and time of a change, in the local time before it.
  struct Change: Hashable, Sendable {
    enum Day: Hashable, Sendable {
      /// The day of the year from 1 to 365; the leap day is never counted.
      case julian(Int)
      /// The day of the year from 0 to 365.
      case ordinal(Int)
      /// The `week`-th such day of the week in a month, 5 being the last; 0 is Sunday.
      case weekday(month: Int, week: Int, day: Int)
    }

    let day: Day
    /// Seconds after the day's begin.
    let seconds: Int
  }

  /// Seconds east of Greenwich.
  let standard: Int
  /// In summer, with when it begins and ends; nil if there is none.
  let summer: (offset: Int, begin: Change, end: Change)?

  static func == (left: ZoneRule, right: ZoneRule) -> Bool {
    left.standard == right.standard && left.summer?.offset == right.summer?.offset
      && left.summer?.begin == right.summer?.begin && left.summer?.end == right.summer?.end
  }

  func hash(into hasher: inout Hasher) { hasher.combine(standard) }

  /// Reads such a text; nil for anything else.
  init?(_ text: Span<UInt8>) {
    var reader = ZoneRuleReader(text)
    guard reader.name(), let standard = reader.offset() else { return nil }
    self.standard = -standard
    if reader.isAtEnd {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    var offset = self.standard + 3600
    if !reader.isNext(UInt8(ascii: ",")) {
      guard let told = reader.offset() else { return nil }
      offset = -told
    }
    guard reader.take(UInt8(ascii: ",")), let begin = reader.change(),
      reader.take(UInt8(ascii: ",")), let end = reader.change(), reader.isAtEnd
    else { return nil }
    summer = (offset, begin, end)
  }

  /// Seconds east of Greenwich at a time in seconds since 1970.
  func offset(at seconds: Int) -> Int {
    guard let summer else { return standard }
    let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
    let year = Timestamp.date(days: max(days, 0)).year
    // Three years, since a change near the new year may lie in another year by Greenwich.
    var latest = Int.min
    var found = standard
    for year in year - 1...year + 1 {
      let begin = ZoneRule.moment(summer.begin, year) - standard
      let end = ZoneRule.moment(summer.end, year) - summer.offset
      if begin <= seconds, begin > latest { (latest, found) = (begin, summer.offset) }
      if end <= seconds, end >= latest { (latest, found) = (end, standard) }
    }
    return found
  }

  /// A change of a year, in seconds since 1970 by the clock on the wall.
  private static func moment(_ change: Change, _ year: Int) -> Int {
    let first = Timestamp.days(year, 1, 1)
    let isLeap = Timestamp.days(year + 1, 1, 1) - first == 366
    let day: Int
    switch change.day {
    case .julian(let number): day = first + number - 1 + (isLeap && number >= 60 ? 1 : 0)
    case .ordinal(let number): day = first + number
    case .weekday(let month, let week, let wanted):
      let begin = Timestamp.days(year, month, 1)
      let next = month == 12 ? Timestamp.days(year + 1, 1, 1) : Timestamp.days(year, month + 1, 1)
      // 1970-01-01 was a Thursday.
      let shift = (wanted - (begin + 4) % 7 + 7) % 7
      var found = begin + shift + (week - 1) * 7
      if found >= next { found -= 7 }
      day = found
    }
    return day * 86_400 + change.seconds
  }
}
