/// One rule, made ready: what it looks at, what it looks for, and what follows.
///
/// It is an object, so that going from rule to rule copies nothing.
final class Rule: Sendable {
  /// What a match means for the request.
  enum Outcome: Sendable {
    case pass, deny
    /// No rule after this one looks at the request.
    case allow
  }

  let id: Int
  /// Where it stands among all rules.
  let place: Int
  let phase: Int
  let inputs: [Selector]
  let exceptions: [Selector]
  let variables: [Variable]
  /// The chains of transformations whose results are looked at.
  let chains: [Int]
  let operation: Operation
  let isNegated: Bool
  let captures: Bool
  /// Whether the next rule must match as well.
  let isChained: Bool
  /// Whether the rule before is chained to this one.
  let isLink: Bool
  let actions: [RuleAction]
  let outcome: Outcome
  /// The rule that is next if this one matches, instead of the one behind it.
  let next: Int?
  let message: Macro?
  let tags: [String]
  let isLogged: Bool
  /// Whether it begins a chain, or is no part of one, in a phase that looks at requests.
  let runs: Bool
  /// The pattern without which a rule that runs cannot match; nil if there is none.
  let soughtPattern: Int?
  /// From 0, an emergency, to 7.
  let severity: UInt8

  init(_ draft: RuleDraft, at place: Int) {
    id = draft.id
    self.place = place
    phase = draft.phase
    inputs = draft.inputs
    exceptions = draft.exceptions
    variables = draft.variables
    chains = draft.chains
    operation = draft.operation
    isNegated = draft.isNegated
    captures = draft.captures
    isChained = draft.isChained
    isLink = draft.isLink
    actions = draft.actions
    outcome = draft.outcome
    next = draft.next
    message = draft.message
    tags = draft.tags
    isLogged = draft.isLogged
    severity = draft.severity
    runs = RuleSet.phases.contains(draft.phase) && !draft.isLink
    if case .pattern(let pattern) = draft.operation, !draft.isNegated, draft.variables.isEmpty,
      runs
    {
      soughtPattern = pattern
    } else {
      soughtPattern = nil
    }
  }

  /// All kinds that the rule looks at.
  var kinds: UInt64 { inputs.reduce(0) { $0 | $1.kinds } }
}
