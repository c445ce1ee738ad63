/// What is done about a part of a message that the description does not have.
public enum UnknownPart: String, CaseIterable, Sendable {
  case refuse, report, allow
  /// It is left out; for members of JSON alone.
  case strip
}
