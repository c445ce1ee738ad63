/// An operation of a description, as far as its outline tells.
public struct OutlinedOperation: Hashable, Sendable {
  /// In capitals.
  public let method: String
  /// The path with the server's before it.
  public let path: String
  public let isDeprecated: Bool
}
