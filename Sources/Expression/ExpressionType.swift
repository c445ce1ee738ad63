/// What is known of a value before there is one.
public enum ExpressionType: String, Hashable, Sendable {
  case null, bool, int, double, string, list, map, address
  /// Known only when it is there, as a claim of a token is.
  case dynamic

  /// Whether a value of this type may turn out to be one of the other.
  func mayBe(_ other: ExpressionType) -> Bool {
    self == other || self == .dynamic || other == .dynamic
  }

  var isNumber: Bool { self == .int || self == .double || self == .dynamic }
}
