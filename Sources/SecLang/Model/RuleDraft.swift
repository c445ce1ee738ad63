/// One rule while it is being read.
struct RuleDraft {
  var id = 0
  var phase = 2
  var inputs: [Selector] = []
  var exceptions: [Selector] = []
  var variables: [Variable] = []
  /// The chains of transformations whose results are looked at.
  var chains: [Int] = [0]
  var operation = Operation.always
  var isNegated = false
  var captures = false
  /// Whether the next rule must match as well.
  var isChained = false
  /// Whether the rule before is chained to this one.
  var isLink = false
  var actions: [RuleAction] = []
  var outcome = Rule.Outcome.pass
  /// The rule that is next if this one matches, instead of the one behind it.
  var next: Int?
  var message: Macro?
  var tags: [String] = []
  var isLogged = true
  var severity: UInt8 = 5

}
