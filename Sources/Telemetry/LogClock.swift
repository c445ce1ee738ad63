import Base

/// The time in log lines, formatted once a second.
struct LogClock {
  private var second = UInt64.max
  private var text = ByteBuffer(capacity: 64)
  private let isCommon: Bool

  /// RFC 3339 without the fraction, or the form of the Common format.
  init(isCommon: Bool) { self.isCommon = isCommon }

  /// Appends the time of `wallMilliseconds`.
  mutating func append(_ wallMilliseconds: UInt64, to line: inout ByteBuffer) {
    if wallMilliseconds / 1000 != second {
      second = wallMilliseconds / 1000
      format()
    }
    line.append(text.readable)
    if isCommon { return }
    line.append(UInt8(ascii: "."))
    let fraction = UInt(wallMilliseconds % 1000)
    if fraction < 100 { line.append(UInt8(ascii: "0")) }
    if fraction < 10 { line.append(UInt8(ascii: "0")) }
    line.append(decimal: fraction)
    line.append(UInt8(ascii: "Z"))
  }

  private mutating func format() {
    let (year, month, day) = LogClock.date(days: Int(second / 86_400))
    let rest = Int(second % 86_400)
    let clock = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    text.clear()
    if isCommon {
      let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
      ]
      text.append(utf8: "\(two(day))/\(months[month - 1])/\(year):\(clock) +0000")
    } else {
      text.append(utf8: "\(year)-\(two(month))-\(two(day))T\(clock)")
    }
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The civil date, by eras of 400 years of the proleptic Gregorian calendar.
  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }
}
