/// Days of the Gregorian calendar as a count (RFC 3339 §5.6, `full-date`).
enum DayCount {
  /// When the day called `text` is over, in milliseconds since 1970, in UTC; nil if there is none.
  static func milliseconds(behind text: String) -> UInt64? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1970...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= length(ofMonth: month, year)
    else { return nil }
    // Years that begin in March, so that the day that some lack is the last.
    let years = month > 2 ? year : year - 1
    let months = (month + 9) % 12
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day
    // What that formula says of the first day of 1970.
    return UInt64(days - 719_469 + 1) * 86_400_000
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
