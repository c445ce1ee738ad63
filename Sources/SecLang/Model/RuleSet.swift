import Base

/// Rules made ready to look at requests; it never changes, and all workers share it.
public final class RuleSet: Sendable {
  let rules: [Rule]
  let database: PatternDatabase
  let chains: ChainTable
  /// The rules that use a pattern, by the pattern's place.
  let rulesOfPattern: [[Int]]
  /// Values of the transaction, by their names in lower case.
  let slots: [[UInt8]]
  /// For each phase the rules that must be tried whatever the automaton says, as bits.
  let untested: [[UInt64]]
  /// For each phase all rules that begin a chain or are no part of one, as bits.
  let starters: [[UInt64]]
  /// The traits of each byte.
  let traits: [UInt32]

  /// How many rules there are, links of chains among them.
  public var count: Int { rules.count }
  /// How many patterns are looked for in one pass.
  public var patternCount: Int { database.count }
  /// How many of them an engine decides that goes back, since no automaton can.
  public var backtrackingCount: Int {
    database.confirmations.filter { $0?.isBacktracking ?? false }.count
  }
  /// How many of them are tried on every text.
  public var untoldCount: Int { database.untold.count }
  /// The identifiers of the rules.
  public var identifiers: [Int] { rules.filter { !$0.isLink }.map(\.id) }

  /// The phases that look at requests.
  static let phases = [1, 2]

  /// Compiles `files` in their order; `data` gives the content of files that rules name.
  public init(
    _ files: [RuleFile], data: @escaping (String) -> [UInt8]? = { _ in nil }
  ) throws(RuleFault) {
    var compiler = RuleCompiler(data: data)
    for file in files {
      for directive in try DirectiveReader.read(file.text, file: file.name) {
        try compiler.add(directive)
      }
    }
    try compiler.finish()
    let rules = compiler.rules.enumerated().map { Rule($1, at: $0) }
    self.rules = rules
    slots = compiler.slotNames
    traits = TextTraits.table
    do throws(PatternDatabaseFault) {
      database = try PatternDatabase(compiler.patterns, capturing: compiler.capturing)
    } catch {
      throw compiler.origin(ofPattern: error.place)
    }
    var rulesOfPattern = [[Int]](repeating: [], count: compiler.patterns.count)
    let words = (rules.count + 63) / 64
    var untested = [[UInt64]](repeating: [UInt64](repeating: 0, count: words), count: 3)
    var starters = untested
    for (place, rule) in rules.enumerated() {
      guard RuleSet.phases.contains(rule.phase), !rule.isLink else { continue }
      starters[rule.phase][place >> 6] |= 1 << UInt64(place & 63)
      if case .pattern(let pattern) = rule.operation, !rule.isNegated, rule.variables.isEmpty {
        rulesOfPattern[pattern].append(place)
      } else {
        untested[rule.phase][place >> 6] |= 1 << UInt64(place & 63)
      }
    }
    self.rulesOfPattern = rulesOfPattern
    self.untested = untested
    self.starters = starters
    chains = compiler.chains.narrowed(to: rules)
  }

  /// The identifier of the rule at a place.
  public func identifier(of place: Int) -> Int { rules[place].id }

  /// What the rule at a place says it has found, without what it is filled with.
  public func message(of place: Int) -> String {
    var text: [UInt8] = []
    for case .text(let part) in rules[place].message?.parts ?? [] { text += part }
    return String(decoding: text, as: UTF8.self)
  }

  /// The rules that `text` means: an identifier, `from-to`, or a tag.
  public func places(of text: String) -> [Int] {
    rules.indices.filter {
      RuleCompiler.isMeant(rules[$0].id, rules[$0].tags, rules[$0].message, text)
        && !rules[$0].isLink
    }
  }
}
