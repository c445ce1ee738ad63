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
  /// "Equality"). Texts are equal by code points: Swift takes two spellings of one letter for the
  /// same, an upstream takes them for two names.
  static func areEqual(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    switch (left, right) {
    case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Int64(exactly: b) == a
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
    case (.double(let a), .double(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.map(let a), .map(let b)):
      a.count == b.count
        && a.allSatisfy { name, value in
          entry(name, of: b).map { areEqual($0, value) } ?? false
        }
    default: left == right
    }
  }

  /// The entry whose name is this one, code point by code point.
  static func entry(_ name: String, of entries: [String: ExpressionValue]) -> ExpressionValue? {
    guard let place = entries.index(forKey: name),
      entries[place].key.utf8.elementsEqual(name.utf8)
    else { return nil }
    return entries[place].value
  }

  private static func isMember(
    _ value: ExpressionValue, _ holder: ExpressionValue
  ) throws(EvaluationError) -> Bool {
    switch holder {
    case .list(let values): return values.contains { areEqual($0, value) }
    case .map(let entries):
      guard case .string(let name) = value else { throw .wrongType }
      return entry(name, of: entries) != nil
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
