/// A key of a consumer: its hash, and what may be done with it.
public struct KeyBlueprint: Hashable, Sendable {
  /// The key's SHA-256.
  public var digest: KeyDigest
  /// What routes may ask for, such as `orders:read`.
  public var scopes: [String]
}
