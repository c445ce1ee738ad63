import Base

/// The `Date` field of the present second (RFC 9110 §5.6.7), formatted once a second.
struct HTTPDate {
  private var second: UInt64 = 0
  private var bytes: [UInt8] = []

  /// The date at `wallMilliseconds`, as bytes: the same array all the second through.
  mutating func bytes(_ wallMilliseconds: UInt64) -> [UInt8] {
    if wallMilliseconds / 1000 != second {
      second = wallMilliseconds / 1000
      bytes = format()
    }
    return bytes
  }

  private func format() -> [UInt8] {
    var text = ByteBuffer(capacity: 32)
    let days = Int(second / 86_400)
    let rest = Int(second % 86_400)
    // Days to year, month and day in the proleptic Gregorian calendar, by eras of 400 years.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    text.append(utf8: names[days % 7])
    text.append(", ")
    append(day, to: &text)
    text.append(utf8: " \(months[month - 1]) \(year) ")
    append(rest / 3600, to: &text)
    text.append(":")
    append(rest / 60 % 60, to: &text)
    text.append(":")
    append(rest % 60, to: &text)
    text.append(" GMT")
    return Array(text.storage[..<text.writeIndex])
  }

  /// Appends two digits.
  private func append(_ number: Int, to text: inout ByteBuffer) {
    if number < 10 { text.append(UInt8(ascii: "0")) }
    text.append(decimal: number)
  }
}
