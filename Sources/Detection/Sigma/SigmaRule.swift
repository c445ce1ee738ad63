public import Blueprint
public import Telemetry

/// A Sigma rule over single events.
///
/// Selections are maps, lists of maps, and values with the modifiers `contains`, `startswith`,
/// `endswith`, `all`, `cased`, `cidr`, `exists`, `gt`, `gte`, `lt` and `lte`. A rule that needs
/// more, such as regular expressions, key words or correlations, is refused: half a rule would be
/// silent.
public struct SigmaRule: Sendable {
  /// What it calls itself.
  public let title: String
  /// Its own identifier; empty if it has none.
  public let id: String
  public let severity: AlertSeverity
  /// Each selection as alternatives of tests that have to hold together.
  let selections: [[[SigmaTest]]]
  let condition: SigmaExpression

  /// Whether the rule holds for an event.
  public func matches(_ event: borrowing Event) -> Bool {
    var known = [Bool](repeating: false, count: selections.count)
    for place in selections.indices {
      for alternative in selections[place] where !known[place] {
        var holds = true
        for test in alternative where holds { holds = test.holds(event) }
        if holds { known[place] = true }
      }
    }
    return condition.holds { known[$0] }
  }
}
