/// Why an expression has no value for an exchange; whoever asked fails closed.
public enum EvaluationError: Error, Hashable, Sendable {
  /// The exchange does not have it: who calls, say, when nobody has said so.
  case absent
  /// The map has no such key.
  case noSuchKey(String)
  case wrongType
  case overflow
  case divisionByZero
  /// A place that the list does not have.
  case noSuchPlace
  /// A text would grow beyond the limit.
  case tooLong
}
