/// What a rule does beside deciding, each time one of its values matches.
enum RuleAction: Sendable {
  /// Sets a value of the transaction, adds to it, or takes it away.
  case set(Place, Change)
  /// Takes rules out for the rest of the request, by their places.
  case removeRules([Int])
  /// Takes a part of the request out of what rules look at.
  case removeTargets([Int], Selector)
  /// Switches the rules off, or off from deciding.
  case engine(isOff: Bool)

  /// Where a value goes.
  enum Place: Sendable {
    case slot(Int)
    case named(Macro)
  }

  /// What becomes of a value.
  enum Change: Sendable {
    case to(Macro)
    case plus(Macro)
    case minus(Macro)
    case unset
  }
}
