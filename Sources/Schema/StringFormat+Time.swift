/// Dates and times (RFC 3339 §5.6).
extension StringFormat {
  static func isDateTime(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 20, isDate(text), text[10] | 0x20 == UInt8(ascii: "t") else {
      return false
    }
    return isTime(text, from: 11)
  }

  /// Whether the first ten bytes are a date.
  static func isDate(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), (1...12).contains(month),
      let day = number(text, 8, 2), day >= 1
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    return day <= days
  }

  /// Whether what begins at `start` is a time with its distance from UTC.
  static func isTime(_ text: Span<UInt8>, from start: Int) -> Bool {
    guard text.count >= start + 9, let hour = number(text, start, 2), hour < 24,
      text[start + 2] == UInt8(ascii: ":"), let minute = number(text, start + 3, 2), minute < 60,
      text[start + 5] == UInt8(ascii: ":"), let second = number(text, start + 6, 2), second <= 60
    else { return false }
    var at = start + 8
    if text[at] == UInt8(ascii: ".") {
      let first = at + 1
      at = first
      while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
      guard at > first else { return false }
    }
    guard at < text.count else { return false }
    var minutes = hour * 60 + minute
    if text[at] | 0x20 == UInt8(ascii: "z") {
      guard at + 1 == text.count else { return false }
    } else {
      guard text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"),
        at + 6 == text.count, text[at + 3] == UInt8(ascii: ":"),
        let hours = number(text, at + 1, 2), hours < 24, let rest = number(text, at + 4, 2),
        rest < 60
      else { return false }
      let distance = hours * 60 + rest
      minutes += text[at] == UInt8(ascii: "+") ? -distance : distance
    }
    // A leap second is the last of a day in UTC.
    return second < 60 || (minutes + 2880) % 1440 == 1439
  }

  private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= text.count else { return nil }
    var value = 0
    for at in start..<start + count {
      guard text[at] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(text[at] &- 0x30)
    }
    return value
  }
}
