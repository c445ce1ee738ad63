/// One way in which a message is not what the description of its API allows.
///
/// It never holds a value of the message.
public struct ContractViolation: Hashable, Sendable {
  /// Where it was found.
  public enum Place: String, Hashable, Sendable {
    case operation, caller, path, query, header, cookie, body, status
  }

  /// Where it was found.
  public let place: Place
  /// The parameter, or the way into the content as a JSON Pointer (RFC 6901).
  public let name: String
  /// The rule that is broken: the schema's own word, or one of ours such as `unknown`.
  public let rule: String
  /// What was expected.
  public let expected: String
  /// What was found: its type.
  public let found: String

  init(_ place: Place, _ name: String, _ rule: String, _ expected: String, found: String) {
    self.place = place
    self.name = name
    self.rule = rule
    self.expected = expected
    self.found = found
  }
}
