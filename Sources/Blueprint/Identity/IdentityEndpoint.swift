/// What the identity provider answers at, below the issuer's path.
public enum IdentityEndpoint: String, CaseIterable, Sendable {
  /// OpenID Connect Discovery 1.0 §4.
  case discovery = "/.well-known/openid-configuration"
  /// RFC 8414 §3; this one stands before the issuer's path.
  case metadata = "/.well-known/oauth-authorization-server"
  /// RFC 7517 §5.
  case keys = "/jwks.json"
  /// RFC 6749 §3.1.
  case authorize = "/authorize"
  /// RFC 9126 §2.
  case pushedRequest = "/par"
  /// RFC 6749 §3.2.
  case token = "/token"
  /// RFC 7009 §2.
  case revoke = "/revoke"
  /// RFC 7662 §2.
  case introspect = "/introspect"
  /// OpenID Connect Core 1.0 §5.3.
  case userInfo = "/userinfo"
  /// OpenID Connect RP-Initiated Logout 1.0 §2.
  case endSession = "/end-session"
  /// RFC 8628 §3.1.
  case deviceAuthorization = "/device-authorization"
  /// RFC 8628 §3.3.
  case device = "/device"
  /// Pages for people.
  case signIn = "/sign-in"
  case secondFactor = "/second-factor"
  case consent = "/consent"
  case account = "/account"

  /// The path at an issuer whose own path is `issuerPath`, empty or without a slash at its end.
  public func path(below issuerPath: String) -> String {
    self == .metadata ? rawValue + issuerPath : issuerPath + rawValue
  }
}

extension IdentityEndpoint {
  /// Whether people look at what it answers.
  public var isForPeople: Bool {
    switch self {
    case .authorize, .endSession, .device, .signIn, .secondFactor, .consent, .account: true
    default: false
    }
  }
}
