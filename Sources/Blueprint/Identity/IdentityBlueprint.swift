public import Formats

/// The identity provider: who may get tokens here, for what, and for how long they are good.
public struct IdentityBlueprint: Sendable {
  /// How long things are good, in milliseconds.
  public struct Lifetimes: Hashable, Sendable {
    /// Access tokens, unless the API or the client says otherwise.
    public var accessToken = 10 * 60_000
    /// ID tokens, which are read once.
    public var idToken = 10 * 60_000
    /// A refresh token that nobody uses.
    public var refreshToken = 30 * 86_400_000
    /// All tokens that follow from one sign-in, however often they are refreshed.
    public var grant = 90 * 86_400_000
    /// A browser's session, from the sign-in on.
    public var session = 12 * 3_600_000
    /// A session that nobody uses.
    public var sessionIdle = 2 * 3_600_000

    /// The usual ones.
    public init() {}
  }

  /// When keys follow one another, in milliseconds.
  public struct KeyRotation: Hashable, Sendable {
    /// How long a key signs.
    public var period = 30 * 86_400_000
    /// How long before that it is published.
    public var ahead = 86_400_000

    /// The usual ones.
    public init() {}
  }

  /// An API that tokens are for.
  public struct API: Sendable {
    /// What consent pages call it.
    public var name: String
    /// What stands in `aud`, and in `resource` (RFC 8707).
    public var audience: String
    /// What its tokens may permit, each with what it means to people.
    public var scopes: [(name: String, meaning: String)]
    /// How long its access tokens are good, in milliseconds; nil for the usual time.
    public var accessToken: Int?
  }

  /// The issuer's URL.
  public var issuer: IssuerBlueprint
  /// How long things are good.
  public var lifetimes: Lifetimes
  /// When keys follow one another.
  public var rotation: KeyRotation
  /// The APIs; audiences and scopes are unique.
  public var apis: [API]
  /// Those who may ask for tokens; identifiers are unique.
  public var clients: [ClientBlueprint]
  /// People whom the file owns; names are unique.
  public var users: [UserBlueprint]
  /// Where it stands in the file.
  public var position: Position
}
