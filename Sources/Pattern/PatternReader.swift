/// Reads the text of a pattern (ECMA-262 §22.2.1, as with the flag `u`).
///
/// Escapes of letters that mean nothing are faults, as are looking around and back references.
struct PatternReader {
  /// Groups within groups, at most: reading them recurses.
  private static let depthMax = 50
  /// Greatest number that may stand in `{n,m}`.
  private static let countMax = 1000

  let text: [Unicode.Scalar]
  var at = 0
  private var depth = 0
  /// Whether it only matters that the text is a pattern, and not what sets it names.
  private let onlyChecks: Bool
  /// The sets of properties that were named: making one goes through all scalars.
  private var properties: [String: ScalarSet] = [:]

  init(_ text: String, onlyChecks: Bool = false) {
    self.text = Array(text.unicodeScalars)
    self.onlyChecks = onlyChecks
  }

  /// The set of a property; nil if it is not known.
  mutating func propertySet(_ name: String) -> ScalarSet? {
    if onlyChecks { return ScalarSet.isKnown(property: name) ? ScalarSet() : nil }
    if let known = properties[name] { return known }
    let made = ScalarSet(property: name)
    properties[name] = made
    return made
  }

  /// The whole pattern.
  mutating func read() throws(PatternFault) -> PatternTree {
    let tree = try either()
    guard at == text.count else { throw PatternFault(.syntax, at: at) }
    return tree
  }

  var next: Unicode.Scalar? { at < text.count ? text[at] : nil }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  private mutating func take(_ words: String) -> Bool {
    let scalars = Array(words.unicodeScalars)
    guard at + scalars.count <= text.count, Array(text[at..<at + scalars.count]) == scalars else {
      return false
    }
    at += scalars.count
    return true
  }

  private mutating func either() throws(PatternFault) -> PatternTree {
    var branches = [try sequence()]
    while take("|" as Unicode.Scalar) { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .either(branches)
  }

  private mutating func sequence() throws(PatternFault) -> PatternTree {
    var parts: [PatternTree] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let start = at
      let part = try atom()
      guard let (least, most) = try quantifier() else {
        parts.append(part)
        continue
      }
      switch part {
      case .start, .end, .wordBoundary: throw PatternFault(.syntax, at: start)
      default: parts.append(.repeated(part, least: least, most: most))
      }
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom() throws(PatternFault) -> PatternTree {
    let start = at
    at += 1
    switch text[start] {
    case "^": return .start
    case "$": return .end
    case ".": return .set(ScalarSet.lineEnds.inverted)
    case "(": return try group()
    case "[": return .set(try set())
    case "\\": return try escape()
    // A bracket or brace that closes nothing is itself (ECMA-262, annex B.1.2).
    case "*", "+", "?", "{": throw PatternFault(.syntax, at: start)
    default: return .set(ScalarSet([text[start].value...text[start].value]))
    }
  }

  private mutating func group() throws(PatternFault) -> PatternTree {
    let start = at - 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= PatternReader.depthMax else { throw PatternFault(.tooLarge, at: start) }
    if take("?" as Unicode.Scalar) {
      if take("=") || take("!") || take("<=") || take("<!") {
        throw PatternFault(.unsupported, at: start)
      }
      if take("<" as Unicode.Scalar) {
        guard let end = text[at...].firstIndex(of: ">"), end > at else {
          throw PatternFault(.syntax, at: at)
        }
        at = end + 1
      } else if !take(":" as Unicode.Scalar) {
        throw PatternFault(.syntax, at: at)
      }
    }
    let tree = try either()
    guard take(")" as Unicode.Scalar) else { throw PatternFault(.syntax, at: at) }
    return tree
  }

  private mutating func quantifier() throws(PatternFault) -> (Int, Int?)? {
    let found: (Int, Int?)
    switch next {
    case "*": found = (0, nil)
    case "+": found = (1, nil)
    case "?": found = (0, 1)
    case "{": found = try counts()
    default: return nil
    }
    at += 1
    // Whether as little as possible is taken makes no difference to whether anything matches.
    _ = take("?" as Unicode.Scalar)
    return found
  }

  /// The numbers in braces, up to the closing one.
  private mutating func counts() throws(PatternFault) -> (Int, Int?) {
    at += 1
    guard let least = try number() else { throw PatternFault(.syntax, at: at) }
    var most: Int? = least
    if take("," as Unicode.Scalar) { most = try number() }
    guard next == "}", most.map({ $0 >= least }) ?? true else {
      throw PatternFault(.syntax, at: at)
    }
    return (least, most)
  }

  private mutating func number() throws(PatternFault) -> Int? {
    let start = at
    var value = 0
    while let digit = next?.value, digit &- 0x30 < 10 {
      value = value * 10 + Int(digit - 0x30)
      guard value <= PatternReader.countMax else { throw PatternFault(.tooLarge, at: start) }
      at += 1
    }
    return at == start ? nil : value
  }
}
