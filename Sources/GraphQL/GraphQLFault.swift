/// Why a GraphQL document or request is not taken.
public struct GraphQLFault: Error, Hashable, Sendable {
  /// The rule that is broken: `syntax`, or the name of a limit or of a rule of validation.
  public let rule: String
  /// What was expected.
  public let expected: String
  /// What was found, as far as it may be told: a count, or a name of the document.
  public let found: String
  /// The place in the document, counted in bytes from 0.
  public let offset: Int

  /// A fault that is none of a document's text.
  public init(_ rule: String, expected: String) { self.init(rule, expected) }

  init(_ rule: String, _ expected: String, found: String = "", at offset: Int = 0) {
    self.rule = rule
    self.expected = expected
    self.found = String(found.prefix(80))
    self.offset = offset
  }
}
