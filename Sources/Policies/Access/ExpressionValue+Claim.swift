import Expression
import Formats

extension ExpressionValue {
  /// What a claim of a token is in a condition. The depth of claims is bounded by their reader.
  init(_ claim: JSONElement) {
    switch claim.kind {
    case .null: self = .null
    case .boolean: self = .bool(claim.boolean ?? false)
    case .string: self = .string(claim.string ?? "")
    case .number:
      if let whole = claim.integer {
        self = .int(whole)
      } else {
        self = claim.number.map { .double($0) } ?? .null
      }
    case .array: self = .list(claim.elements.map(ExpressionValue.init))
    case .object:
      self = .map(
        Dictionary(claim.members.map { ($0.name, ExpressionValue($0.value)) }) { first, _ in
          first
        })
    }
  }
}
