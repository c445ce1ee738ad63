import Base
import Telemetry

/// One line of a Sigma selection: a field, and what it has to be.
struct SigmaTest: Sendable {
  /// What a value may be.
  enum Value: Sendable {
    case glob(SigmaGlob)
    case block(AddressBlock)
    /// Greater or less than a number, or equal to it.
    case compare(isGreater: Bool, orEqual: Bool, Int)
    /// Empty, or not.
    case isThere(Bool)
  }

  var field: SigmaField
  var values: [Value]
  /// Whether all values have to fit, and not one.
  var needsAll = false

  func holds(_ event: borrowing Event) -> Bool {
    if values.isEmpty { return false }
    for value in values {
      let holds = holds(value, event)
      if holds != needsAll { return holds }
    }
    return needsAll
  }

  private func holds(_ value: Value, _ event: borrowing Event) -> Bool {
    switch value {
    case .block(let block): return block.contains(event.client)
    case .compare(let isGreater, let orEqual, let bound):
      guard let number = field.number(event) else { return false }
      if number == bound { return orEqual }
      return isGreater ? number > bound : number < bound
    case .isThere(let wanted):
      if case .text(let text) = field { return event[text].isEmpty != wanted }
      return wanted
    case .glob(let glob):
      if case .text(let text) = field { return glob.matches(event[text]) }
      return glob.matches(field.bytes(event).span)
    }
  }
}
