/// An expression that was read and checked, as a tree.
indirect enum ExpressionNode: Sendable {
  enum Operator: String, Sendable {
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case equal = "==", unequal = "!=", member = "in"
    case plus = "+", minus = "-", times = "*", divided = "/", remainder = "%"
  }

  enum Function: String, CaseIterable, Sendable {
    case size, startsWith, endsWith, contains, lowerAscii, upperAscii, inNetwork
    case int, double, string
  }

  case value(ExpressionValue)
  case variable(Int)
  /// A member of a variable that is a map, by a key that has to be worked out.
  case entry(Int, ExpressionNode)
  case index(ExpressionNode, ExpressionNode)
  /// Whether a variable that is a map has the key.
  case hasEntry(Int, ExpressionNode)
  case has(ExpressionNode, String)
  case list([ExpressionNode])
  case not(ExpressionNode)
  case negated(ExpressionNode)
  case and(ExpressionNode, ExpressionNode)
  case or(ExpressionNode, ExpressionNode)
  case choice(ExpressionNode, ExpressionNode, ExpressionNode)
  case binary(Operator, ExpressionNode, ExpressionNode)
  case call(Function, [ExpressionNode])
}
