/// Reads the condition of a Sigma rule: names, `and`, `or`, `not`, parentheses, and `1 of` or
/// `all of` with a name, a name with `*`, or `them`.
struct SigmaConditionParser {
  /// Words of a condition, and how deep parentheses and `not` may go.
  private static let wordsMax = 512
  private static let depthMax = 32

  private let words: [String]
  private let names: [String]
  private var at = 0
  private var depth = 0

  /// The condition over selections with these names.
  static func parse(
    _ text: String, _ names: [String]
  ) throws(SigmaFault) -> SigmaExpression {
    let spaced = text.map { $0 == "(" || $0 == ")" ? " \($0) " : String($0) }.joined()
    let words = spaced.split { $0 == " " || $0 == "\n" || $0 == "\t" }.map(String.init)
    guard !words.isEmpty, words.count <= wordsMax else {
      throw SigmaFault("the condition is empty, or longer than \(wordsMax) words")
    }
    var parser = SigmaConditionParser(words: words, names: names)
    let expression = try parser.alternatives()
    guard parser.at == words.count else {
      throw SigmaFault("the condition has '\(parser.words[parser.at])' in a wrong place")
    }
    return expression
  }

  private init(words: [String], names: [String]) {
    self.words = words
    self.names = names
  }

  private func isNext(_ word: String) -> Bool {
    at < words.count && words[at].lowercased() == word
  }

  private mutating func alternatives() throws(SigmaFault) -> SigmaExpression {
    var parts = [try conjunction()]
    while isNext("or") {
      at += 1
      parts.append(try conjunction())
    }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(SigmaFault) -> SigmaExpression {
    var parts = [try factor()]
    while isNext("and") {
      at += 1
      parts.append(try factor())
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor() throws(SigmaFault) -> SigmaExpression {
    guard at < words.count else { throw SigmaFault("the condition ends too early") }
    guard depth < Self.depthMax else { throw SigmaFault("the condition is nested too deeply") }
    depth += 1
    defer { depth -= 1 }
    let word = words[at]
    at += 1
    switch word.lowercased() {
    case "not": return .not(try factor())
    case "(":
      let inner = try alternatives()
      guard isNext(")") else { throw SigmaFault("a parenthesis of the condition is not closed") }
      at += 1
      return inner
    case "1", "any", "all":
      guard isNext("of"), at + 1 < words.count else { return try selection(word) }
      let chosen = try several(words[at + 1])
      at += 2
      return word.lowercased() == "all" ? .all(chosen) : .any(chosen)
    default: return try selection(word)
    }
  }

  private func selection(_ word: String) throws(SigmaFault) -> SigmaExpression {
    guard let place = names.firstIndex(of: word) else {
      throw SigmaFault("the condition asks for '\(word)', which is not in 'detection'")
    }
    return .selection(place)
  }

  private func several(_ pattern: String) throws(SigmaFault) -> [SigmaExpression] {
    let chosen = names.indices.filter { place in
      if pattern == "them" { return !names[place].hasPrefix("_") }
      guard pattern.hasSuffix("*") else { return names[place] == pattern }
      return names[place].hasPrefix(pattern.dropLast())
    }
    guard !chosen.isEmpty else {
      throw SigmaFault("the condition asks for '\(pattern)', which is not in 'detection'")
    }
    return chosen.map { .selection($0) }
  }
}
