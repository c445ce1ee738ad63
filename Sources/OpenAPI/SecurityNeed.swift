/// A security scheme that an operation asks for (OpenAPI 3.1 §4.8.27, §4.8.30).
public struct SecurityNeed: Hashable, Sendable {
  /// How the caller shows who it is.
  public enum Kind: String, Hashable, Sendable {
    /// A key in a header, the query or a cookie.
    case key
    /// A token: `http` with `bearer`, `oauth2` or `openIdConnect`.
    case token
    /// A certificate: `mutualTLS`.
    case certificate
    /// A name and a password: `http` with `basic`.
    case password
    /// Any other, or one that is not described.
    case other
  }

  /// The scheme's name in the description.
  public let scheme: String
  public let kind: Kind
  /// The scopes that the token must have; none for other kinds.
  public let scopes: [String]
}
