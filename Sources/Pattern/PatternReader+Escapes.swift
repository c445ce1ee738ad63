/// Escapes and classes of characters.
extension PatternReader {
  /// What stands behind a backslash outside brackets.
  mutating func escape() throws(PatternFault) -> PatternTree {
    if take("b") { return .wordBoundary(isInverted: false) }
    if take("B") { return .wordBoundary(isInverted: true) }
    if next == "k" || next.map({ "1"..."9" ~= $0 }) ?? false {
      throw PatternFault(.unsupported, at: at - 1)
    }
    if let set = try classEscape() { return .set(set) }
    let value = try character()
    return .set(ScalarSet([value...value]))
  }

  /// `\d`, `\p{…}` and the like; nil if it is a single character.
  private mutating func classEscape() throws(PatternFault) -> ScalarSet? {
    guard let letter = next else { throw PatternFault(.syntax, at: at) }
    let set: ScalarSet
    switch letter {
    case "d": set = .digits
    case "D": set = ScalarSet.digits.inverted
    case "w": set = .word
    case "W": set = ScalarSet.word.inverted
    case "s": set = .space
    case "S": set = ScalarSet.space.inverted
    case "p", "P":
      let start = at
      guard at + 1 < text.count, text[at + 1] == "{", let end = text[at...].firstIndex(of: "}")
      else { throw PatternFault(.syntax, at: start) }
      let name = String(String.UnicodeScalarView(text[at + 2..<end]))
      guard let property = propertySet(name) else {
        throw PatternFault(.syntax, at: start)
      }
      at = end + 1
      return letter == "p" ? property : property.inverted
    default: return nil
    }
    at += 1
    return set
  }

  /// A single character that is escaped.
  private mutating func character() throws(PatternFault) -> UInt32 {
    guard let letter = next else { throw PatternFault(.syntax, at: at) }
    let start = at
    at += 1
    switch letter {
    case "t": return 0x09
    case "n": return 0x0A
    case "v": return 0x0B
    case "f": return 0x0C
    case "r": return 0x0D
    case "0" where !(next.map { "0"..."9" ~= $0 } ?? false): return 0
    case "c":
      guard let control = next, control.isASCII, control.properties.isAlphabetic else {
        throw PatternFault(.syntax, at: start)
      }
      at += 1
      return control.value & 0x1F
    case "x": return try hex(2)
    case "u": return try unicode()
    case "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/", "-":
      return letter.value
    default:
      // Signs that need no escape are often escaped; letters and digits are not for the taking.
      guard letter.isASCII, letter.value > 0x20, !ScalarSet.word.contains(letter.value) else {
        throw PatternFault(.syntax, at: start)
      }
      return letter.value
    }
  }

  private mutating func unicode() throws(PatternFault) -> UInt32 {
    if take("{") {
      var value: UInt32 = 0
      let start = at
      while let digit = next?.hexValue {
        value = value << 4 | digit
        guard value <= ScalarSet.last else { throw PatternFault(.syntax, at: start) }
        at += 1
      }
      guard at > start, take("}") else { throw PatternFault(.syntax, at: at) }
      return value
    }
    let first = try hex(4)
    guard first & 0xFC00 == 0xD800, at + 5 < text.count, text[at] == "\\", text[at + 1] == "u"
    else { return first }
    let before = at
    at += 2
    let second = try hex(4)
    if second & 0xFC00 == 0xDC00 { return 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF }
    at = before
    return first
  }

  private mutating func hex(_ count: Int) throws(PatternFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = next?.hexValue else { throw PatternFault(.syntax, at: at) }
      value = value << 4 | digit
      at += 1
    }
    return value
  }

  /// What stands in brackets, the opening one already taken.
  mutating func set() throws(PatternFault) -> ScalarSet {
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while true {
      guard let scalar = next else { throw PatternFault(.syntax, at: at) }
      if scalar == "]" { break }
      let start = at
      switch try member() {
      case .set(let set):
        ranges += set.ranges
      case .single(let first):
        guard next == "-", at + 1 < text.count, text[at + 1] != "]" else {
          ranges.append(first...first)
          continue
        }
        at += 1
        guard case .single(let last) = try member(), last >= first else {
          throw PatternFault(.syntax, at: start)
        }
        ranges.append(first...last)
      }
    }
    at += 1
    let set = ScalarSet(ranges)
    return isInverted ? set.inverted : set
  }

  private enum Member {
    case single(UInt32)
    case set(ScalarSet)
  }

  private mutating func member() throws(PatternFault) -> Member {
    guard let scalar = next else { throw PatternFault(.syntax, at: at) }
    at += 1
    guard scalar == "\\" else { return .single(scalar.value) }
    if take("b") { return .single(0x08) }
    if let set = try classEscape() { return .set(set) }
    return .single(try character())
  }
}

extension Unicode.Scalar {
  /// The value of a hexadecimal digit.
  fileprivate var hexValue: UInt32? {
    switch self {
    case "0"..."9": value - 0x30
    case "A"..."F": value - 0x37
    case "a"..."f": value - 0x57
    default: nil
    }
  }
}
