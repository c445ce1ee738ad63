/// What a directory says.
public enum DirectoryAnswer: Hashable, Sendable {
  /// The caller's entry and groups.
  case right(entry: String, groups: [String])
  /// There is no such entry, or the password is another.
  case wrong
}
