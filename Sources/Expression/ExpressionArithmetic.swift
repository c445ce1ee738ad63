/// Operators on two values.
enum ExpressionArithmetic {
  static let textBytesMax = 64 * 1024

  static func apply(
    _ found: ExpressionNode.Operator, _ left: ExpressionValue, _ right: ExpressionValue
  ) throws(EvaluationError) -> ExpressionValue {
    switch found {
    case .equal: return .bool(areEqual(left, right))
    case .unequal: return .bool(!areEqual(left, right))
    case .member: return .bool(try isMember(left, right))
    case .less: return .bool(try isLess(left, right))
    case .greater: return .bool(try isLess(right, left))
    case .lessOrEqual: return .bool(try isLess(left, right) || areEqual(left, right))
    case .greaterOrEqual: return .bool(try isLess(right, left) || areEqual(left, right))
    case .plus, .minus, .times, .divided, .remainder: return try compute(found, left, right)
    }
  }

  /// Numbers are equal by value, whatever their types; other types only among themselves (CEL,
  /// "Equality").
  static func areEqual(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    switch (left, right) {
    case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Int64(exactly: b) == a
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
    case (.double(let a), .double(let b)): a == b
    default: left == right
    }
  }

  private static func isMember(
    _ value: ExpressionValue, _ holder: ExpressionValue
  ) throws(EvaluationError) -> Bool {
    switch holder {
    case .list(let values): return values.contains { areEqual($0, value) }
    case .map(let entries):
      guard case .string(let name) = value else { throw .wrongType }
      return entries[name] != nil
    default: throw .wrongType
    }
  }

  private static func isLess(
    _ left: ExpressionValue, _ right: ExpressionValue
  ) throws(EvaluationError) -> Bool {
    switch (left, right) {
    case (.int(let a), .int(let b)): return a < b
    case (.double(let a), .double(let b)): return a < b
    case (.int(let a), .double(let b)): return Double(a) < b
    case (.double(let a), .int(let b)): return a < Double(b)
    // By code points, as CEL has it, and not by the rules of a language.
    case (.string(let a), .string(let b)):
      return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    default: throw .wrongType
    }
  }

  private static func compute(
    _ found: ExpressionNode.Operator, _ left: ExpressionValue, _ right: ExpressionValue
  ) throws(EvaluationError) -> ExpressionValue {
    switch (left, right) {
    case (.int(let a), .int(let b)): return .int(try integer(found, a, b))
    case (.double(let a), .double(let b)):
      switch found {
      case .plus: return .double(a + b)
      case .minus: return .double(a - b)
      case .times: return .double(a * b)
      case .divided: return .double(a / b)
      default: throw .wrongType
      }
    case (.string(let a), .string(let b)) where found == .plus:
      guard a.utf8.count + b.utf8.count <= textBytesMax else { throw .tooLong }
      return .string(a + b)
    case (.list(let a), .list(let b)) where found == .plus:
      guard a.count + b.count <= 4096 else { throw .tooLong }
      return .list(a + b)
    default: throw .wrongType
    }
  }

  private static func integer(
    _ found: ExpressionNode.Operator, _ a: Int64, _ b: Int64
  ) throws(EvaluationError) -> Int64 {
    if found == .divided || found == .remainder, b == 0 { throw .divisionByZero }
    let (value, isOver) =
      switch found {
      case .plus: a.addingReportingOverflow(b)
      case .minus: a.subtractingReportingOverflow(b)
      case .times: a.multipliedReportingOverflow(by: b)
      case .divided: a.dividedReportingOverflow(by: b)
      default: a.remainderReportingOverflow(dividingBy: b)
      }
    if isOver { throw .overflow }
    return value
  }
}
