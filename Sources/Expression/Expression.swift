import Base

/// A condition or value in a small typed language: CEL's syntax, and its semantics where they meet
/// (Common Expression Language, github.com/google/cel-spec, "Language Definition").
///
/// It is read and checked once, when the configuration is loaded. There are no loops and no
/// definitions, and depth and size are limited, so that an evaluation always ends, and soon.
public struct Expression: Sendable {
  /// The text that it was read from.
  public let source: String
  /// What is known of its value's type.
  public let type: ExpressionType
  private let root: ExpressionNode

  /// Reads an expression that may use the variables of `environment`.
  public init(_ source: String, in environment: ExpressionEnvironment) throws(ExpressionError) {
    var parser = try ExpressionParser(source, in: environment)
    let part = try parser.parse()
    self.source = source
    (root, type) = (part.node, part.type)
  }

  /// The value.
  ///
  /// `lookup` is given a variable's number, and for a map the key of the member that is wanted; it
  /// returns nil if the map has no such key, or the exchange no such value.
  public func evaluate(
    _ lookup: (Int, String?) -> ExpressionValue?
  ) throws(EvaluationError) -> ExpressionValue {
    try Expression.evaluate(root, lookup)
  }

  /// Whether the condition holds; without a value it does not.
  public func holds(_ lookup: (Int, String?) -> ExpressionValue?) -> Bool {
    (try? evaluate(lookup)) == .bool(true)
  }

  private static func evaluate(
    _ node: ExpressionNode, _ lookup: (Int, String?) -> ExpressionValue?
  ) throws(EvaluationError) -> ExpressionValue {
    switch node {
    case .value(let value): return value
    case .variable(let number):
      // Nothing in place of a value that is not there: `!=` would be true of it.
      guard let value = lookup(number, nil) else { throw .absent }
      return value
    case .entry(let number, let key):
      let name = try text(key, lookup)
      guard let value = lookup(number, name) else { throw .noSuchKey(name) }
      return value
    case .hasEntry(let number, let key): return .bool(lookup(number, try text(key, lookup)) != nil)
    case .has(let map, let name):
      guard case .map(let entries) = try evaluate(map, lookup) else { throw .wrongType }
      return .bool(ExpressionArithmetic.entry(name, of: entries) != nil)
    case .index(let holder, let key):
      return try element(try evaluate(holder, lookup), try evaluate(key, lookup))
    case .list(let parts):
      var values: [ExpressionValue] = []
      for part in parts { values.append(try evaluate(part, lookup)) }
      return .list(values)
    case .not(let part): return .bool(!(try truth(part, lookup)))
    case .negated(let part): return try negated(try evaluate(part, lookup))
    case .and(let left, let right): return .bool(try both(left, right, wanted: true, lookup))
    case .or(let left, let right): return .bool(!(try both(left, right, wanted: false, lookup)))
    case .choice(let condition, let yes, let no):
      return try evaluate(try truth(condition, lookup) ? yes : no, lookup)
    case .binary(let found, let left, let right):
      return try ExpressionArithmetic.apply(
        found, try evaluate(left, lookup), try evaluate(right, lookup))
    case .call(let function, let parts):
      var values: [ExpressionValue] = []
      for part in parts { values.append(try evaluate(part, lookup)) }
      return try ExpressionFunctions.apply(function, values)
    }
  }

  /// Whether both sides are `wanted`. A side that decides it does so even if the other one has no
  /// value (CEL, "Logical Operators").
  private static func both(
    _ left: ExpressionNode, _ right: ExpressionNode, wanted: Bool,
    _ lookup: (Int, String?) -> ExpressionValue?
  ) throws(EvaluationError) -> Bool {
    var first: EvaluationError?
    do throws(EvaluationError) {
      if try truth(left, lookup) != wanted { return false }
    } catch {
      first = error
    }
    if try truth(right, lookup) != wanted { return false }
    if let first { throw first }
    return true
  }

  private static func truth(
    _ node: ExpressionNode, _ lookup: (Int, String?) -> ExpressionValue?
  ) throws(EvaluationError) -> Bool {
    guard case .bool(let value) = try evaluate(node, lookup) else { throw .wrongType }
    return value
  }

  private static func text(
    _ node: ExpressionNode, _ lookup: (Int, String?) -> ExpressionValue?
  ) throws(EvaluationError) -> String {
    guard case .string(let value) = try evaluate(node, lookup) else { throw .wrongType }
    return value
  }

  private static func element(
    _ holder: ExpressionValue, _ key: ExpressionValue
  ) throws(EvaluationError) -> ExpressionValue {
    switch (holder, key) {
    case (.map(let entries), .string(let name)):
      guard let value = ExpressionArithmetic.entry(name, of: entries) else {
        throw .noSuchKey(name)
      }
      return value
    case (.list(let values), .int(let place)):
      guard place >= 0, place < values.count else { throw .noSuchPlace }
      return values[Int(place)]
    default: throw .wrongType
    }
  }

  private static func negated(_ value: ExpressionValue) throws(EvaluationError) -> ExpressionValue {
    switch value {
    case .int(let number):
      let (result, isOver) = Int64(0).subtractingReportingOverflow(number)
      if isOver { throw .overflow }
      return .int(result)
    case .double(let number): return .double(-number)
    default: throw .wrongType
    }
  }
}
