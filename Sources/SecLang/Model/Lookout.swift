/// What the patterns of rules look at in inputs of one kind.
struct Lookout: Sendable {
  /// A rule that looks for a pattern in one form of an input.
  struct Use: Sendable {
    let node: Int
    let rule: Int
  }

  /// The forms that inputs are brought into.
  let plan: ChainTable.Plan
  /// The patterns that some rule looks for, as bits.
  let patterns: [UInt64]
  /// Who looks for a pattern: those from `starts[pattern]` up to the next.
  let uses: [Use]
  let starts: [Int]

  init(_ kind: InputKind, _ rules: [Rule], _ database: PatternDatabase, _ chains: ChainTable) {
    var patterns = [UInt64](repeating: 0, count: database.wordCount)
    var uses = [[Use]](repeating: [], count: database.count)
    var needs: [(node: Int, needs: TextTraits)] = []
    for rule in rules where rule.kinds & kind.bit != 0 {
      guard let pattern = rule.soughtPattern else { continue }
      patterns[pattern >> 6] |= 1 << UInt64(pattern & 63)
      for chain in rule.chains {
        uses[pattern].append(Use(node: chain, rule: rule.place))
        needs.append((chain, database.needs[pattern]))
      }
    }
    plan = chains.plan(needs)
    self.patterns = patterns
    self.uses = uses.flatMap(\.self)
    starts = uses.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }
}
