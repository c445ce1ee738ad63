import Base

/// Reads the parts of a TZ variable.
struct ZoneRuleReader: ~Escapable {
  private let text: Span<UInt8>
  private var at = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  var isAtEnd: Bool { at == text.count }

  func isNext(_ byte: UInt8) -> Bool { at < text.count && text[at] == byte }

  @_lifetime(self: copy self)
  mutating func take(_ byte: UInt8) -> Bool {
    guard isNext(byte) else { return false }
    at += 1
    return true
  }

  /// The name of a time: letters, or anything of letters, digits and signs in angle brackets.
  @_lifetime(self: copy self)
  mutating func name() -> Bool {
    let isQuoted = take(UInt8(ascii: "<"))
    let begin = at
    while at < text.count {
      let byte = text[at]
      guard
        ASCII.isAlpha(byte)
          || isQuoted && (ASCII.isDigit(byte) || byte == 0x2B || byte == 0x2D)
      else { break }
      at += 1
    }
    let count = at - begin
    return count >= 3 && count <= 32 && (!isQuoted || take(UInt8(ascii: ">")))
  }

  /// `[+-]hh[:mm[:ss]]` in seconds, up to a week as RFC 9636 §3.3.1 has it.
  @_lifetime(self: copy self)
  mutating func offset() -> Int? {
    var isNegative = false
    if take(UInt8(ascii: "-")) { isNegative = true } else { _ = take(UInt8(ascii: "+")) }
    guard let hours = number(max: 167) else { return nil }
    var seconds = hours * 3600
    if take(UInt8(ascii: ":")) {
      guard let minutes = number(max: 59) else { return nil }
      seconds += minutes * 60
      if take(UInt8(ascii: ":")) {
        guard let rest = number(max: 59) else { return nil }
        seconds += rest
      }
    }
    return isNegative ? -seconds : seconds
  }

  /// `date[/time]`, the time being 02:00:00 if it is not there.
  @_lifetime(self: copy self)
  mutating func change() -> ZoneRule.Change? {
    let day: ZoneRule.Change.Day
    if take(UInt8(ascii: "M")) {
      guard let month = number(max: 12), month > 0, take(UInt8(ascii: ".")),
        let week = number(max: 5), week > 0, take(UInt8(ascii: ".")), let wanted = number(max: 6)
      else { return nil }
      day = .weekday(month: month, week: week, day: wanted)
    } else if take(UInt8(ascii: "J")) {
      guard let number = number(max: 365), number > 0 else { return nil }
      day = .julian(number)
    } else {
      guard let number = number(max: 365) else { return nil }
      day = .ordinal(number)
    }
    guard take(UInt8(ascii: "/")) else { return ZoneRule.Change(day: day, seconds: 7200) }
    guard let seconds = offset() else { return nil }
    return ZoneRule.Change(day: day, seconds: seconds)
  }

  @_lifetime(self: copy self)
  private mutating func number(max: Int) -> Int? {
    var value = 0
    var digits = 0
    while at < text.count, ASCII.isDigit(text[at]), digits < 3 {
      value = value * 10 + Int(text[at] - 0x30)
      digits += 1
      at += 1
    }
    return digits > 0 && value <= max ? value : nil
  }
}
