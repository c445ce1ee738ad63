/// Points of time as RFC 3339 writes them, in UTC.
public enum Timestamp {
  /// The text of a time in milliseconds since 1970, to the second.
  public static func text(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1000
    let (year, month, day) = date(days: seconds / 86_400)
    let time = seconds % 86_400
    return
      "\(year)-\(two(month))-\(two(day))T\(two(time / 3600)):\(two(time / 60 % 60)):"
      + "\(two(time % 60))Z"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The time of a text in UTC, such as `2030-01-31T12:00:00Z`; nil for anything else.
  public static func milliseconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54,
      bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x5A
    else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var number = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 0x30)
      }
      return number
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
      second < 60
    else { return nil }
    let days = Timestamp.days(year, month, day)
    guard date(days: days) == (year, month, day) else { return nil }
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000
  }

  /// Days since 1970 of a date of the Gregorian calendar; years begin in March, so that the leap
  /// day is the last.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let (era, place) = (shifted / 400, shifted % 400)
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + place * 365 + place / 4 - place / 100 + ofYear - 719_468
  }

  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let (era, ofEra) = (shifted / 146_097, shifted % 146_097)
    let place = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * place + place / 4 - place / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    let year = place + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, ofYear - (153 * part + 2) / 5 + 1)
  }
}
