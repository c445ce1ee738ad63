/// Why a text is no expression, and where.
public struct ExpressionError: Error, Hashable, Sendable {
  /// What is wrong, and what was expected.
  public let message: String
  /// Where, in UTF-8 bytes from the start of the text.
  public let offset: Int
}
