public import Formats

/// An application that may ask for tokens (RFC 6749 §2).
public struct ClientBlueprint: Sendable {
  /// How it shows which client it is; the words of `token_endpoint_auth_method` (RFC 7591 §2).
  public enum Authentication: String, CaseIterable, Sendable {
    case none
    case secretBasic = "client_secret_basic"
    case secretPost = "client_secret_post"
    case privateKey = "private_key_jwt"
  }

  /// How it may get tokens.
  public enum Grant: String, CaseIterable, Sendable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"
    case deviceCode = "device_code"
    case tokenExchange = "token_exchange"
  }

  /// What it is called in requests.
  public var id: String
  /// What people read.
  public var name: String
  /// How it shows which client it is.
  public var authentication: Authentication
  /// The SHA-256 of each secret that is good.
  public var secrets: [KeyDigest]
  /// Its public keys, as JSON (RFC 7517 §5); nil for none.
  public var keys: String?
  /// Where browsers may be sent back to, exactly.
  public var redirectURIs: [String]
  /// Where they may be sent after logout, exactly.
  public var postLogoutRedirectURIs: [String]
  /// How it may get tokens.
  public var grants: Set<Grant>
  /// What it may ask for.
  public var scopes: [String]
  /// Roles of its own, for tokens that are of no user.
  public var roles: [String]
  /// The audiences that it is itself, as an API that gets tokens and exchanges them (RFC 8693).
  public var audiences: [String] = []
  /// Whether it is ours, so that nobody is asked for consent.
  public var isTrusted: Bool
  /// Whether its requests must be pushed (RFC 9126 §6).
  public var mustPush: Bool
  /// Whether its tokens must be bound to a key (RFC 9449 §5.2).
  public var mustBind: Bool
  /// What its ID tokens are signed with.
  public var idTokenAlgorithm: String
  /// How long its access tokens are good, in milliseconds; nil for the usual time.
  public var accessToken: Int?
  /// Where it stands in the file; nil if it stands elsewhere.
  public var position: Position?

  /// A client of which only the identifier is known.
  public init(id: String) {
    self.id = id
    name = id
    authentication = .none
    secrets = []
    keys = nil
    redirectURIs = []
    postLogoutRedirectURIs = []
    grants = []
    scopes = []
    roles = []
    isTrusted = false
    mustPush = false
    mustBind = false
    idTokenAlgorithm = "RS256"
  }

  /// What keeps the client from being one, in words; nil if nothing does.
  public var flaw: (message: String, expected: String)? {
    if authentication == .none, !secrets.isEmpty || keys != nil {
      return ("secrets or keys with 'authentication: none'", "another way to authenticate")
    }
    if authentication == .privateKey, keys == nil {
      return ("'private_key_jwt' without keys", "'jwks', the client's public keys")
    }
    if authentication == .secretBasic || authentication == .secretPost, secrets.isEmpty {
      return ("'\(authentication.rawValue)' without a secret", "'secrets', the hash of one")
    }
    if authentication == .none, grants.contains(.clientCredentials) {
      return ("'client_credentials' for a client that has none", "a secret or keys")
    }
    if authentication == .none, grants.contains(.tokenExchange) {
      return ("'token_exchange' for a client that has no credentials", "a secret or keys")
    }
    if grants.contains(.authorizationCode), redirectURIs.isEmpty {
      return ("'authorization_code' without 'redirect-uris'", "where answers go")
    }
    for text in redirectURIs + postLogoutRedirectURIs {
      guard let uri = RedirectURI(text) else {
        return (
          "\(text.prefix(128).debugDescription) is no URL to send browsers to", "an https URL"
        )
      }
      // Beyond this machine, what is sent in clear text is everybody's.
      guard uri.isConfidential else {
        return (
          "\(text.prefix(128).debugDescription) is sent in clear text",
          "https, or http on this machine for development"
        )
      }
    }
    return nil
  }
}
