/// A text with places for values: `%{tx.score}`.
struct Macro: Sendable {
  enum Part: Sendable {
    case text([UInt8])
    case transaction(Int)
    case variable(Variable)
    case input(Selector)
    /// A part of the rule itself, such as its identifier.
    case ruleID, ruleMessage
  }

  let parts: [Part]

  /// The text, if there is nothing to fill in.
  var constant: [UInt8]? {
    if parts.isEmpty { return [] }
    if parts.count == 1, case .text(let text) = parts[0] { return text }
    return nil
  }
}
