/// How the content of a request is made up; tried in this order until the API takes one.
enum ContentStyle: Int, CaseIterable, Sendable {
  /// All members, free texts unlike any other.
  case marked
  /// All members, as the description's examples have them.
  case exampled
  /// Only the members that must be there.
  case required
  /// All members, plain words and numbers.
  case plain
}
