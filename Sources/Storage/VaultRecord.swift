public import Formats

/// A record in clear.
public struct VaultRecord: Sendable {
  /// What kind of thing it is.
  public let kind: String
  /// What it is called among those of its kind.
  public let id: String
  /// How often it was written.
  public let revision: Int
  /// When it ceases to be, in milliseconds since 1970; nil for never.
  public let expires: Int?
  /// What it says.
  public let body: JSONValue
}
