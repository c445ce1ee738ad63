import Base

/// Rules made ready to look at requests; it never changes, and all workers share it.
public final class RuleSet: Sendable {
  let rules: [Rule]
  let database: PatternDatabase
  let chains: ChainTable
  /// What patterns look at, by kind of input.
  let lookouts: [Lookout]
  /// Values of the transaction, by their names in lower case.
  let slots: [[UInt8]]
  /// For each phase the rules that must be tried whatever the automaton says, as bits.
  let untested: [[UInt64]]
  /// For each phase all rules that begin a chain or are no part of one, as bits.
  let starters: [[UInt64]]
  /// The traits of each byte.
  let traits: [UInt64]

  /// How many rules there are, links of chains among them.
  public var count: Int { rules.count }
  /// How many patterns are looked for in one pass.
  public var patternCount: Int { database.count }
  /// How many of them are tried on every text.
  public var untoldCount: Int { database.untold.count }
  /// The identifiers of the rules.
  public var identifiers: [Int] { rules.filter { !$0.isLink }.map(\.id) }

  /// The phases that look at requests.
  static let phases = [1, 2]

  /// Compiles `files` in their order; `data` gives the content of files that rules name.
  ///
  /// Rules whose tag says that they are for a higher level than `paranoia` are left out, unless
  /// some rule changes the level while it runs.
  public init(
    _ files: [RuleFile], paranoia: Int = 4, data: @escaping (String) -> [UInt8]? = { _ in nil }
  ) throws(RuleFault) {
    var directives: [Directive] = []
    for file in files { directives += try DirectiveReader.read(file.text, file: file.name) }
    let level = ParanoiaLevel.isFixed(in: directives) ? paranoia : ParanoiaLevel.max
    var compiler = RuleCompiler(paranoia: level, data: data)
    for directive in directives { try compiler.add(directive) }
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
    let words = (rules.count + 63) / 64
    var untested = [[UInt64]](repeating: [UInt64](repeating: 0, count: words), count: 3)
    var starters = untested
    for (place, rule) in rules.enumerated() where rule.runs {
      starters[rule.phase][place >> 6] |= 1 << UInt64(place & 63)
      if rule.soughtPattern == nil { untested[rule.phase][place >> 6] |= 1 << UInt64(place & 63) }
    }
    self.untested = untested
    self.starters = starters
    chains = compiler.chains
    let (database, chains) = (database, chains)
    lookouts = InputKind.allCases.map { Lookout($0, rules, database, chains) }
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
