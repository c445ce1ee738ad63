import Base

/// Reads an expression as far as it takes to know what its matches need (pcre2pattern).
///
/// It gives up on what it does not know, so that nothing is overlooked.
struct ExpressionReader {
  private static let depthMax = 100

  private let text: [UInt8]
  private var at = 0
  private var depth = 0
  private var isSound = true

  init(_ text: [UInt8]) { self.text = text }

  /// What a match needs; nil if the expression was not understood.
  mutating func read() -> ExpressionNeeds? {
    let needs = either()
    return isSound && at == text.count ? needs : nil
  }

  private var next: UInt8? { at < text.count ? text[at] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func take(_ word: String) -> Bool {
    guard text[at...].starts(with: word.utf8) else { return false }
    at += word.utf8.count
    return true
  }

  private mutating func either() -> ExpressionNeeds {
    var branches = [sequence()]
    while isSound, take(UInt8(ascii: "|")) { branches.append(sequence()) }
    return .either(branches)
  }

  private mutating func sequence() -> ExpressionNeeds {
    var needs = ExpressionNeeds.empty
    while isSound, let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      guard var part = atom() else { continue }
      if let (least, most) = quantifier() { part.repeated(atLeast: least, atMost: most) }
      needs.extend(part)
    }
    needs.close()
    return needs
  }

  /// The next part; nil if it takes no bytes.
  private mutating func atom() -> ExpressionNeeds? {
    let byte = text[at]
    at += 1
    switch byte {
    case UInt8(ascii: "^"), UInt8(ascii: "$"):
      _ = quantifier()
      return nil
    case UInt8(ascii: "."): return .unknown
    case UInt8(ascii: "("): return group()
    case UInt8(ascii: "["): return ExpressionNeeds(oneOf: set())
    case UInt8(ascii: "\\"): return escape()
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      isSound = false
      return nil
    default: return one(byte)
    }
  }

  private func one(_ byte: UInt8) -> ExpressionNeeds {
    var set = ByteSet()
    set.insert(byte)
    return ExpressionNeeds(oneOf: set)
  }

  private mutating func group() -> ExpressionNeeds? {
    depth += 1
    defer { depth -= 1 }
    guard depth < ExpressionReader.depthMax else {
      isSound = false
      return nil
    }
    var isLook = false
    if take(UInt8(ascii: "?")) {
      if take("=") || take("!") || take("<=") || take("<!") {
        isLook = true
      } else if take("P<") || take("<") || take("'") {
        while let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "'") { at += 1 }
        at += 1
      } else if take("#") {
        while let byte = next, byte != UInt8(ascii: ")") { at += 1 }
        at += 1
        return nil
      } else if !take(":"), !take(">"), !take("|"), !flags() {
        return nil
      }
    }
    let needs = either()
    guard take(UInt8(ascii: ")")) else {
      isSound = false
      return nil
    }
    if isLook {
      _ = quantifier()
      return nil
    }
    return needs
  }

  /// Flags, as in `(?i)` or `(?i:`; whether a group follows.
  private mutating func flags() -> Bool {
    while let byte = next, ASCII.isAlpha(byte) || byte == UInt8(ascii: "-") {
      if byte == UInt8(ascii: "x") { isSound = false }
      at += 1
    }
    if take(UInt8(ascii: ":")) { return true }
    if !take(UInt8(ascii: ")")) { isSound = false }
    return false
  }

  private mutating func quantifier() -> (Int, Int?)? {
    let found: (Int, Int?)
    switch next {
    case UInt8(ascii: "*"): found = (0, nil)
    case UInt8(ascii: "+"): found = (1, nil)
    case UInt8(ascii: "?"): found = (0, 1)
    case UInt8(ascii: "{"):
      guard let counts = counts() else { return nil }
      found = counts
    default: return nil
    }
    at += 1
    if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { at += 1 }
    return found
  }

  /// The numbers in braces, up to the closing one; nil if the brace stands for itself.
  private mutating func counts() -> (Int, Int?)? {
    let start = at
    at += 1
    let least = number()
    var most = least
    if take(UInt8(ascii: ",")) { most = number() }
    guard let least, next == UInt8(ascii: "}") else {
      at = start
      return nil
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = at
    var value = 0
    while let digit = next, ASCII.isDigit(digit), at - start < 6 {
      value = value * 10 + Int(digit - 0x30)
      at += 1
    }
    return at == start ? nil : value
  }

  // MARK: Classes

  private mutating func escape() -> ExpressionNeeds? {
    guard let letter = next else {
      isSound = false
      return nil
    }
    switch letter {
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"),
      UInt8(ascii: "Z"), UInt8(ascii: "G"), UInt8(ascii: "K"):
      at += 1
      return nil
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      at += 1
      return .unknown
    case UInt8(ascii: "Q"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "k"),
      UInt8(ascii: "g"), UInt8(ascii: "X"), UInt8(ascii: "C"), UInt8(ascii: "c"):
      isSound = false
      return nil
    default: break
    }
    if let set = classEscape() { return ExpressionNeeds(oneOf: set) }
    guard let byte = character() else {
      isSound = false
      return nil
    }
    return one(byte)
  }

  /// `\d` and the like.
  private mutating func classEscape() -> ByteSet? {
    guard let letter = next else { return nil }
    let isIn: (UInt8) -> Bool
    switch letter | 0x20 {
    case UInt8(ascii: "d"): isIn = { ASCII.isDigit($0) }
    case UInt8(ascii: "w"): isIn = { ASCII.isDigit($0) || ASCII.isAlpha($0) || $0 == 0x5F }
    case UInt8(ascii: "s"): isIn = { $0 == 0x20 || $0 &- 0x09 < 5 }
    case UInt8(ascii: "h"): isIn = { $0 == 0x20 || $0 == 0x09 || $0 == 0xA0 }
    case UInt8(ascii: "v"): isIn = { $0 &- 0x0A < 4 || $0 == 0x85 }
    case UInt8(ascii: "r") where letter == UInt8(ascii: "R"):
      isIn = { $0 &- 0x0A < 4 || $0 == 0x85 }
    case UInt8(ascii: "n") where letter == UInt8(ascii: "N"): isIn = { $0 != 0x0A }
    default: return nil
    }
    at += 1
    let isInverted =
      letter & 0x20 == 0 && letter != UInt8(ascii: "R") && letter != UInt8(ascii: "N")
    var set = ByteSet()
    for byte in UInt8.min...UInt8.max where isIn(byte) != isInverted { set.insert(byte) }
    return set
  }

  private mutating func character() -> UInt8? {
    guard let letter = next else { return nil }
    at += 1
    switch letter {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "a"): return 0x07
    case UInt8(ascii: "e"): return 0x1B
    case UInt8(ascii: "x"): return hex()
    case UInt8(ascii: "0"):
      var value = 0
      var count = 0
      while let digit = next, digit &- 0x30 < 8, count < 2 {
        value = value * 8 + Int(digit - 0x30)
        at += 1
        count += 1
      }
      return UInt8(truncatingIfNeeded: value)
    default:
      return ASCII.isAlpha(letter) || ASCII.isDigit(letter) ? nil : letter
    }
  }

  private mutating func hex() -> UInt8? {
    let isBraced = take(UInt8(ascii: "{"))
    var value = 0
    var count = 0
    while let byte = next, let digit = ASCII.hexValue(byte), count < (isBraced ? 8 : 2) {
      value = value << 4 | Int(digit)
      at += 1
      count += 1
    }
    if isBraced, !take(UInt8(ascii: "}")) { return nil }
    return value < 256 ? UInt8(value) : nil
  }

  private mutating func set() -> ByteSet {
    let isInverted = take(UInt8(ascii: "^"))
    var set = ByteSet()
    var isFirst = true
    while isSound {
      guard let byte = next else {
        isSound = false
        break
      }
      if byte == UInt8(ascii: "]"), !isFirst { break }
      isFirst = false
      if take("[:") {
        named(&set)
        continue
      }
      guard let low = member(&set) else { continue }
      if next == UInt8(ascii: "-"), at + 1 < text.count, text[at + 1] != UInt8(ascii: "]") {
        at += 1
        guard let high = member(&set) else {
          set.insert(low)
          set.insert(UInt8(ascii: "-"))
          continue
        }
        if high < low { isSound = false } else { for each in low...high { set.insert(each) } }
      } else {
        set.insert(low)
      }
    }
    at += 1
    guard isInverted else { return set }
    var inverted = ByteSet()
    for byte in UInt8.min...UInt8.max where !set.contains(byte) { inverted.insert(byte) }
    return inverted
  }

  /// A single byte of a set; nil if it was a class, which was added, or no sound member.
  private mutating func member(_ set: inout ByteSet) -> UInt8? {
    guard let byte = next else { return nil }
    at += 1
    guard byte == UInt8(ascii: "\\") else { return byte }
    if take(UInt8(ascii: "b")) { return 0x08 }
    if let inner = classEscape() {
      set = set.union(inner)
      return nil
    }
    if let value = character() { return value }
    isSound = false
    return nil
  }

  /// `[:alpha:]` and the like, whose opening is taken.
  private mutating func named(_ set: inout ByteSet) {
    let names: [(String, (UInt8) -> Bool)] = [
      ("alpha:]", { ASCII.isAlpha($0) }), ("digit:]", { ASCII.isDigit($0) }),
      ("alnum:]", { ASCII.isAlpha($0) || ASCII.isDigit($0) }),
      ("space:]", { $0 == 0x20 || $0 &- 0x09 < 5 }),
      (
        "punct:]",
        {
          $0 > 0x20 && $0 < 0x7F && !ASCII.isAlpha($0) && !ASCII.isDigit($0)
        }
      ),
      ("xdigit:]", { ASCII.hexValue($0) != nil }),
    ]
    for (name, isIn) in names where take(name) {
      for byte in UInt8.min...UInt8.max where isIn(byte) { set.insert(byte) }
      return
    }
    isSound = false
  }
}
