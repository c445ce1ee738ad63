/// One way in which a text is not what its schema says; it never holds a value of the text.
public struct SchemaViolation: Hashable, Sendable {
  /// Where, as a JSON Pointer (RFC 6901).
  public let pointer: String
  /// Where, as a place on the tape.
  public let place: Int
  /// The rule that is broken: the schema's own word.
  public let rule: String
  /// What was expected.
  public let expected: String
  /// The type of what was found.
  public let found: String

  /// What is said of a text that could not be read.
  static let unread = SchemaViolation(
    pointer: "", place: 0, rule: "syntax", expected: "JSON", found: "other")
}
