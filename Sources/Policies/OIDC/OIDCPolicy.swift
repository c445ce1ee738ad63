import Base
import Crypto
public import Formats
import HTTP
import JOSE
public import PolicyKit

/// `oidc`: has people log in with their browser at an OpenID provider (OpenID Connect Core 1.0), by
/// the authorization code flow with PKCE.
public final class OIDCPolicy: CredentialPolicy, DocumentPolicy {
  /// What a token request has come to.
  enum Finding: Sendable {
    case session(BrowserSession, cookie: String)
    /// Why not, for the operator's log.
    case refused(StaticString)
  }

  /// What is checked here: the login was at an issuer.
  public static let kind = CredentialKinds.token

  let settings: OIDCSettings
  let pending = PendingNeeds(of: OIDCPolicy.self)
  let hasher = SHA256Hasher()
  private let cache = IdentityCache(count: 16_384)
  let renewals = SessionRenewals()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    self.settings = OIDCSettings(&settings, at: site)
  }

  /// What the provider says of itself, and its keys.
  public var documents: [any RemoteDocument] { [settings.provider, settings.provider.keys] }

  /// What a client is told that is no browser on its way to a page.
  public var challenge: StaticString? { "Session realm=\"gatehouse\"" }

  /// Takes the gateway's own cookies out of the request.
  public func withdraw(from exchange: inout Exchange) {
    for name in [settings.sessionCookie, settings.loginCookie] {
      CookiePairs.remove(Array(name.utf8), from: &exchange.request.fields)
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let path = Array(exchange.request.fields.arena[OIDCPolicy.path(exchange).range])
    if path == settings.callbackPath { return comeBack(&exchange) }
    if path == settings.logoutPath { return leave(&exchange) }
    let name = Array(settings.sessionCookie.utf8)
    guard case .token(let place, _) = CookiePairs.find(name, exchange.request.fields) else {
      return begin(&exchange)
    }
    let digest = hasher.hash(exchange.request.fields[place])
    exchange.notes(credential: digest.words.0)
    let now = exchange.wallMilliseconds
    let stamp = settings.ended.generation(exchange.live)
    if let known = cache.find(digest, stamp: stamp, nowMilliseconds: now),
      known.holds(in: exchange.live)
    {
      return accept(known, &exchange)
    }
    let sealed = Array(exchange.request.fields.arena[place.range])
    guard let session = session(sealed), now < session.endMilliseconds,
      !settings.ended.hasEnded(session, exchange.live)
    else { return begin(&exchange) }
    if now >= session.renewalMilliseconds, !session.refreshToken.isEmpty {
      return renew(session, digest, &exchange)
    }
    guard let known = identity(session, exchange.live) else { return begin(&exchange) }
    let isRenewed = session.refreshToken.isEmpty
    cache.keep(
      digest, stamp: stamp,
      expiryMilliseconds: isRenewed
        ? session.endMilliseconds : min(session.endMilliseconds, session.renewalMilliseconds),
      nowMilliseconds: now, identity: known)
    return accept(known, &exchange)
  }

  static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  /// What a cookie holds, if it was sealed here.
  func session(_ sealed: [UInt8]) -> BrowserSession? {
    settings.seal.open(sealed, for: settings.sessionCookie).flatMap { BrowserSession($0) }
  }

  func identity(_ session: BrowserSession, _ live: LiveDirectory?) -> KnownIdentity? {
    guard let claims = try? JSONIndex(session.claims) else { return nil }
    let token = VerifiedToken(
      claims: claims, expiryUnixSeconds: Double(session.endMilliseconds / 1000))
    return try? settings.identity.identity(token, live)
  }

  /// Lets a session's request in, unless another page has had the browser make it.
  func accept(_ known: KnownIdentity, _ exchange: inout Exchange) -> Verdict {
    if let refusal = forgery(exchange) { return refusal }
    identify(known.consumer, &exchange)
    withdraw(from: &exchange)
    return .proceed
  }

  /// Requests that change something have to come from a page of this origin: the browser says so.
  private func forgery(_ exchange: borrowing Exchange) -> Verdict? {
    switch exchange.request.method {
    case .get, .head, .options: return nil
    default: break
    }
    let fields = exchange.request.fields
    if let origin = fields.joined("origin") {
      if String(decoding: origin, as: UTF8.self).lowercased() == settings.origin { return nil }
    } else if fields.joined("sec-fetch-site") == Array("same-origin".utf8) {
      return nil
    }
    return .deny(Denial(.originDenied, reason: "a page of another origin made this request"))
  }

  // MARK: Logging in

  /// Sends a browser that wants a page to the provider; refuses all others.
  func begin(_ exchange: inout Exchange) -> Verdict {
    let accepts = exchange.request.fields.joined("accept") ?? []
    let isPage = String(decoding: accepts, as: UTF8.self).contains("text/html")
    guard exchange.request.method == .get, isPage else {
      return .deny(Denial(.credentialsRequired, challenge: challenge, reason: "no session"))
    }
    guard let endpoints = settings.provider.endpoints,
      settings.tokens.areKnown(atMilliseconds: exchange.start.nanoseconds / 1_000_000)
    else {
      return .deny(
        Denial(
          .upstreamUnavailable, retryAfterSeconds: 1, reason: "the provider is not known yet"))
    }
    guard let state = OIDCPolicy.random(), let nonce = OIDCPolicy.random(),
      let verifier = OIDCPolicy.random()
    else { return .deny(Denial(.internalError, reason: "no random bytes")) }
    let login = LoginState(
      state: state, nonce: nonce, verifier: verifier, target: OIDCPolicy.target(exchange),
      expiryMilliseconds: exchange.wallMilliseconds + LoginState.lifetimeMilliseconds)
    guard let sealed = settings.seal.seal(login.bytes, for: settings.loginCookie) else {
      return .deny(Denial(.internalError, reason: "the login cannot be sealed"))
    }
    let challenge = Base64.encode(hasher.hash(verifier.utf8.span).bytes.span)
    let pairs = [
      ("response_type", "code"), ("client_id", settings.client.identifier),
      ("redirect_uri", redirect), ("scope", settings.scope), ("state", state), ("nonce", nonce),
      ("code_challenge", challenge), ("code_challenge_method", "S256"),
    ]
    let mark = endpoints.authorization.contains("?") ? "&" : "?"
    setCookie(
      settings.loginCookie, sealed, LoginState.lifetimeMilliseconds / 1000, &exchange)
    return send(
      to: endpoints.authorization + mark + FormText.encode(pairs + settings.extras), &exchange)
  }

  var redirect: String {
    settings.origin + String(decoding: settings.callbackPath, as: UTF8.self)
  }

  /// Where the browser wanted to go; the start where that could be taken for another host.
  private static func target(_ exchange: borrowing Exchange) -> String {
    let fields = exchange.request.fields
    let query = exchange.request.hasQuery ? "?" + fields.text(exchange.request.query) : ""
    let target = fields.text(path(exchange)) + query
    return LocalTarget.isLocal(target) ? target : "/"
  }

  /// 256 bits that nobody guesses.
  static func random() -> String? {
    (try? SecureRandom.bytes(32)).map { Base64.encode($0.span) }
  }

  // MARK: Answers

  func send(to location: String, _ exchange: inout Exchange) -> Verdict {
    exchange.replyFields.append(name: "location", value: location.utf8.span)
    exchange.replyFields.append(name: "cache-control", text: "no-store")
    return .answer(status: 302)
  }

  /// Cookies with the prefix `__Host-` are set by this host alone, over TLS, for all of it.
  func setCookie(_ name: String, _ value: String, _ seconds: UInt64, _ exchange: inout Exchange) {
    let text = "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
    exchange.replyFields.append(name: "set-cookie", value: text.utf8.span)
  }
}
