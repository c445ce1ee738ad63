import Base

/// The time in log lines, formatted once a second.
struct LogClock {
  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private var second = UInt64.max
  private var text = ByteBuffer(capacity: 64)
  private let isCommon: Bool

  /// RFC 3339 without the fraction, or the form of the Common format.
  init(isCommon: Bool) { self.isCommon = isCommon }

  /// Appends the time of `wallMilliseconds`, in UTC.
  mutating func append(_ wallMilliseconds: UInt64, to line: inout ByteSink) {
    if wallMilliseconds / 1000 != second {
      second = wallMilliseconds / 1000
      format()
    }
    line.append(text.readable)
    if isCommon { return }
    line.append(UInt8(ascii: "."))
    LogClock.append(thousandths: UInt(wallMilliseconds % 1000), to: &line)
    line.append(UInt8(ascii: "Z"))
  }

  /// Appends three digits.
  static func append(thousandths: UInt, to line: inout ByteSink) {
    line.append(UInt8(truncatingIfNeeded: thousandths / 100 % 10) &+ 0x30)
    line.append(UInt8(truncatingIfNeeded: thousandths / 10 % 10) &+ 0x30)
    line.append(UInt8(truncatingIfNeeded: thousandths % 10) &+ 0x30)
  }

  private mutating func format() {
    let (year, month, day) = LogClock.date(days: Int(second / 86_400))
    text.clear()
    if isCommon {
      two(day, then: "/")
      text.append(LogClock.months[month - 1])
      text.append("/")
      text.append(decimal: year)
      text.append(":")
    } else {
      text.append(decimal: year)
      text.append("-")
      two(month, then: "-")
      two(day, then: "T")
    }
    let rest = Int(second % 86_400)
    two(rest / 3600, then: ":")
    two(rest / 60 % 60, then: ":")
    two(rest % 60, then: isCommon ? " +0000" : "")
  }

  private mutating func two(_ number: Int, then separator: StaticString) {
    if number < 10 { text.append(UInt8(ascii: "0")) }
    text.append(decimal: number)
    text.append(separator)
  }

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
