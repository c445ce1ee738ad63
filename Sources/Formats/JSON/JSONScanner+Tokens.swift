/// How single values are read: strings eight bytes at a time.
extension JSONScanner {
  /// Goes to the first byte that is no white space.
  @inline(__always)
  static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
    guard at < text.count, text[at] <= 0x20 else { return }
    at = spaceEnd(text, at)
  }

  /// The place behind the white space that begins at `start`; one space or a line's end with the
  /// indentation of the next is what most texts have, and spaces are gone through in words.
  private static func spaceEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    var at = start
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return at
      }
      while at + 8 <= text.count {
        let others = text.word(at: at) ^ 0x2020_2020_2020_2020
        at += others.trailingZeroBitCount >> 3
        if others != 0 { break }
      }
    }
    return at
  }

  // MARK: Strings

  /// The lanes of a word where a string ends, an escape begins, a control character stands, or
  /// something beyond ASCII. Lanes above the lowest that is set may be wrong.
  @inline(__always)
  private static func special(_ word: UInt64) -> UInt64 {
    let quote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
    let escape = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
    let control = word &- 0x2020_2020_2020_2020
    return (quote | escape | control | word) & 0x8080_8080_8080_8080
  }

  /// Takes a string from its first quote to behind its last, and says whether it has escapes;
  /// nil if the piece ends before it does.
  @inline(__always)
  mutating func string(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool
  ) throws(JSONFault) -> Bool? {
    // Most strings are short and plain: the first that is special in them is their end.
    let first = at + 1
    if resumed == 0, first + 16 <= text.count, limits.stringBytesMax >= 16 {
      var end = first
      var special = JSONScanner.special(text.word(at: first))
      if special == 0 {
        end += 8
        special = JSONScanner.special(text.word(at: end))
      }
      if special != 0 {
        end += special.trailingZeroBitCount >> 3
        if text[end] == UInt8(ascii: "\"") {
          at = end + 1
          return false
        }
      }
    }
    return try longString(text, &at, isLast: isLast)
  }

  @inline(never)
  private mutating func longString(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool
  ) throws(JSONFault) -> Bool? {
    let start = at
    var place = at + max(1, resumed)
    var isEscaped = resumedIsEscaped
    while true {
      while place + 8 <= text.count {
        let special = JSONScanner.special(text.word(at: place))
        if special == 0 {
          place += 8
          continue
        }
        place += special.trailingZeroBitCount >> 3
        break
      }
      guard place < text.count else { break }
      let byte = text[place]
      if byte == UInt8(ascii: "\"") {
        guard place - start <= limits.stringBytesMax + 1 else {
          throw JSONFault(.stringBytes, at: start)
        }
        resumed = 0
        resumedIsEscaped = false
        at = place + 1
        return isEscaped
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        guard let count = try JSONScanner.escape(text, at: place, isLast: isLast) else { break }
        place += count
      } else if byte >= 0x80 {
        // Letters with accents, and such: two bytes among ASCII.
        if byte &- 0xC2 < 0x1E, place + 2 <= text.count, text[place + 1] & 0xC0 == 0x80 {
          place += 2
          continue
        }
        guard let count = try JSONScanner.beyondASCII(text, at: place, isLast: isLast) else {
          break
        }
        place += count
      } else if byte >= 0x20 {
        place += 1
      } else {
        throw JSONFault(.controlCharacter, at: place)
      }
    }
    guard !isLast else { throw JSONFault(.unfinishedString, at: start) }
    guard place - start <= limits.stringBytesMax + 1 else {
      throw JSONFault(.stringBytes, at: start)
    }
    resumed = place - start
    resumedIsEscaped = isEscaped
    return nil
  }

  /// The length of an escape; nil if the piece ends within it.
  private static func escape(
    _ text: Span<UInt8>, at: Int, isLast: Bool
  ) throws(JSONFault) -> Int? {
    if !isLast, at + 12 > text.count {
      // A pair of surrogates has twelve characters; what is sound and shorter is seen to be so.
      guard at + 1 < text.count else { return nil }
      if text[at + 1] == UInt8(ascii: "u") {
        guard at + 6 <= text.count else { return nil }
        if text[at + 2] | 0x20 == UInt8(ascii: "d"), text[at + 3] > UInt8(ascii: "7") { return nil }
      }
    }
    guard let escape = JSONEscape(text, at: at) else { throw JSONFault(.unknownEscape, at: at) }
    guard escape.scalar != nil else { throw JSONFault(.loneSurrogate, at: at) }
    return escape.count
  }

  /// The length of a run of characters beyond ASCII; nil if the piece ends within the first
  /// (Unicode §3.9, table 3-7).
  private static func beyondASCII(
    _ text: Span<UInt8>, at: Int, isLast: Bool
  ) throws(JSONFault) -> Int? {
    var place = at
    while place < text.count, text[place] >= 0x80 {
      let lead = text[place]
      let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      guard lead >= 0xC2, lead <= 0xF4 else { throw JSONFault(.notUTF8, at: place) }
      guard place + count <= text.count else {
        if isLast { throw JSONFault(.notUTF8, at: place) }
        return place == at ? nil : place - at
      }
      let second = text[place + 1]
      let low: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
      let high: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
      var isSound = second >= low && second <= high
      if count > 2 { isSound = isSound && text[place + 2] & 0xC0 == 0x80 }
      if count > 3 { isSound = isSound && text[place + 3] & 0xC0 == 0x80 }
      guard isSound else { throw JSONFault(.notUTF8, at: place) }
      place += count
    }
    return place - at
  }

  // MARK: Numbers and words

  /// Takes a number and says whether it is whole; nil if the piece ends and it may go on.
  @inline(__always)
  static func number(
    _ text: Span<UInt8>, _ at: inout Int, _ limits: JSONLimits, isLast: Bool
  ) throws(JSONFault) -> Bool? {
    // Most numbers have no exponent, and end before the piece does.
    var place = at
    if text[place] == UInt8(ascii: "-") { place += 1 }
    let first = place
    let count = digits(text, &place)
    if count == 1 || count > 1 && text[first] != UInt8(ascii: "0"), place < text.count {
      var isWhole = true
      var isSound = true
      if text[place] == UInt8(ascii: ".") {
        isWhole = false
        place += 1
        isSound = digits(text, &place) > 0 && place < text.count
      }
      if isSound, text[place] | 0x20 != UInt8(ascii: "e"), place - at <= limits.numberBytesMax {
        at = place
        return isWhole
      }
    }
    return try longNumber(text, &at, limits, isLast: isLast)
  }

  /// As `number`, for all of them. One that is too long is told before what is wrong behind that,
  /// so that pieces are judged as the whole is.
  private static func longNumber(
    _ text: Span<UInt8>, _ at: inout Int, _ limits: JSONLimits, isLast: Bool
  ) throws(JSONFault) -> Bool? {
    var place = at
    if text[place] == UInt8(ascii: "-") { place += 1 }
    let first = place
    guard digits(text, &place) > 0 else {
      return try stop(.expectedDigit, text, place, isLast: isLast)
    }
    if place > first + 1, text[first] == UInt8(ascii: "0") {
      throw JSONFault(.leadingZero, at: first)
    }
    guard place - at <= limits.numberBytesMax else { throw JSONFault(.numberBytes, at: at) }
    var isWhole = true
    if place < text.count, text[place] == UInt8(ascii: ".") {
      isWhole = false
      place += 1
      let count = digits(text, &place)
      guard place - at <= limits.numberBytesMax else { throw JSONFault(.numberBytes, at: at) }
      guard count > 0 else { return try stop(.expectedDigit, text, place, isLast: isLast) }
    }
    if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      place += 1
      if place < text.count, text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-") {
        place += 1
      }
      let count = digits(text, &place)
      guard place - at <= limits.numberBytesMax else { throw JSONFault(.numberBytes, at: at) }
      guard count > 0 else { return try stop(.expectedDigit, text, place, isLast: isLast) }
    }
    if place == text.count, !isLast { return nil }
    at = place
    return isWhole
  }

  /// Nothing if more may come; else the fault.
  private static func stop(
    _ detail: JSONFault.Detail, _ text: Span<UInt8>, _ at: Int, isLast: Bool
  ) throws(JSONFault) -> Bool? {
    if at == text.count, !isLast { return nil }
    throw JSONFault(detail, at: at)
  }

  @inline(__always)
  private static func digits(_ text: Span<UInt8>, _ at: inout Int) -> Int {
    let start = at
    while at + 8 <= text.count {
      // A lane keeps its highest bit clear if it holds a digit.
      let word = text.word(at: at) ^ 0x3030_3030_3030_3030
      let others =
        ((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | word)
        & 0x8080_8080_8080_8080
      at += others.trailingZeroBitCount >> 3
      if others != 0 { return at - start }
    }
    while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
    return at - start
  }

  /// Takes a word; false if the piece ends within it.
  @inline(__always)
  static func word(
    _ text: Span<UInt8>, _ at: inout Int, _ word: StaticString, isLast: Bool
  ) throws(JSONFault) -> Bool {
    let count = word.utf8CodeUnitCount
    for index in 0..<count {
      guard at + index < text.count else {
        if isLast { throw JSONFault(.expectedValue, at: at) }
        return false
      }
      // Safety: the index is below the static string's count.
      guard unsafe text[at + index] == word.utf8Start[index] else {
        throw JSONFault(.expectedValue, at: at)
      }
    }
    at += count
    return true
  }
}
