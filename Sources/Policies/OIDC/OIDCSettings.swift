import Base
import Crypto
import Formats
import JOSE
import PolicyKit

/// The settings of an `oidc` policy, read and checked.
struct OIDCSettings: Sendable {
  let provider: OIDCProvider
  let client: ClientAuthentication
  let tokens: IdentityTokens
  let ended: EndedSessions
  let identity: TokenIdentity
  let seal: CookieSeal
  /// Scheme and host that browsers know, without a path.
  let origin: String
  let scope: String
  let callbackPath: [UInt8]
  let logoutPath: [UInt8]
  let afterLogout: String
  let sessionCookie: String
  let loginCookie: String
  let lifetimeMilliseconds: UInt64
  let milliseconds: Int
  /// What is added to the request for a login, such as `prompt`.
  let extras: [(String, String)]

  init(_ settings: inout Settings, at site: PolicySite) {
    let client = ClientAuthentication(&settings, mayBePublic: true)
    self.client = client
    provider = OIDCSettings.provider(&settings, at: site)
    ended = OIDCSettings.ended(provider.issuer, client.identifier, at: site)
    tokens = IdentityTokens(provider, client: client.identifier)
    identity = JWTSettings.identity(&settings, site)
    seal = OIDCSettings.seal(&settings)
    origin = OIDCSettings.origin(&settings)
    let scopes = settings.list("scopes") ?? ["openid", "profile", "email"]
    if !scopes.contains("openid") {
      settings.error("'scopes' lacks openid, and so there is no ID token", at: "scopes")
    }
    scope = scopes.joined(separator: " ")
    callbackPath = OIDCSettings.path("callback-path", "/oidc/callback", &settings)
    logoutPath = OIDCSettings.path("logout-path", "/oidc/logout", &settings)
    afterLogout = String(
      decoding: OIDCSettings.path("after-logout", "/", &settings), as: UTF8.self)
    let name = settings.text("cookie")
    if let name, name.string.isEmpty || !name.string.utf8.allSatisfy(ASCII.isToken) {
      settings.refuse(name, "cookie", expected: "the name of a cookie")
    }
    sessionCookie = "__Host-" + (name?.string ?? "gatehouse")
    loginCookie = sessionCookie + "-login"
    lifetimeMilliseconds = UInt64(
      settings.duration("lifetime", in: 60_000...2_592_000_000) ?? 28_800_000)
    milliseconds = settings.duration("timeout", in: 100...30_000) ?? 5_000
    extras = (settings.pairs("parameters") ?? []).map { ($0.key.string, $0.value.string) }
  }

  /// The provider that `issuer` names; the same object for all policies that name it.
  static func provider(_ settings: inout Settings, at site: PolicySite) -> OIDCProvider {
    let issuer = RemoteURL.required("issuer", &settings) ?? ""
    let authorities = AuthoritySetting.read(&settings, site)
    return site.retained.object("oidc provider \(issuer) \(authorities?.fingerprint ?? "")") {
      OIDCProvider(issuer: issuer, authorities: authorities)
    }
  }

  /// The sessions with a client of a provider that were ended.
  static func ended(_ issuer: String, _ client: String, at site: PolicySite) -> EndedSessions {
    let register = site.retained.object(SessionRegister.key) { SessionRegister() }
    return site.retained.object("oidc sessions \(issuer) \(client)") {
      EndedSessions(of: "\(issuer) \(client)", register: register)
    }
  }

  private static func seal(_ settings: inout Settings) -> CookieSeal {
    let texts = settings.requiredNode("keys") == nil ? [] : settings.texts("keys") ?? []
    if texts.isEmpty, settings.node("keys") != nil {
      settings.error("'keys' is empty", expected: "at least one key", at: "keys")
    }
    return CookieSeal(
      texts.compactMap { text in
        let prefix = "base64:"
        guard text.string.hasPrefix(prefix),
          let bytes = Base64.decode(text.string.dropFirst(prefix.count).utf8.span, .standard),
          bytes.count == CookieSeal.keyBytes
        else {
          // Never shown, wherever it came from.
          settings.error(
            "this is no key", expected: "base64: and 32 bytes, by 'openssl rand -base64 32'",
            at: text.position)
          return nil
        }
        return SymmetricKey(bytes)
      })
  }

  private static func origin(_ settings: inout Settings) -> String {
    guard let text = settings.requiredText("url") else { return "" }
    let url = text.string.lowercased()
    let parts = url.split(separator: "/", omittingEmptySubsequences: false)
    guard RemoteURL.isAllowed(url), parts.count == 3, !parts[2].contains("?") else {
      settings.refuse(
        text, "url", expected: "scheme and host that browsers know, such as https://shop.example")
      return ""
    }
    return url
  }

  private static func path(
    _ key: String, _ standard: String, _ settings: inout Settings
  ) -> [UInt8] {
    let text = settings.text(key)
    let path = text?.string ?? standard
    if let text, !LocalTarget.isLocal(path) || path.contains("?") {
      settings.refuse(text, key, expected: "a path such as \(standard)")
    }
    return Array(path.utf8)
  }
}
