import Base
import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit

/// The browser comes back from the provider, tokens are got and renewed, and people leave.
extension OIDCPolicy {
  /// The provider has sent the browser back (Core §3.1.2.5).
  func comeBack(_ exchange: inout Exchange) -> Verdict {
    guard exchange.request.method == .get,
      let login = login(exchange), exchange.wallMilliseconds < login.expiryMilliseconds,
      let state = parameter("state", exchange.request),
      ConstantTime.equals(state.utf8.span, login.state.utf8.span)
    else { return refuse("this browser began no login, or it is over") }
    guard let endpoints = settings.provider.endpoints else {
      return .deny(Denial(.upstreamUnavailable, reason: "the provider is not known yet"))
    }
    // RFC 9207 §2.4: whoever mixes providers up is told by this.
    let issuer = parameter("iss", exchange.request)
    guard issuer == settings.provider.issuer || (issuer == nil && !endpoints.namesItself) else {
      return refuse("the answer is of another provider")
    }
    guard let code = parameter("code", exchange.request) else {
      return refuse("the provider sent no code")
    }
    let digest = hasher.hash("\(login.state) \(code)".utf8.span)
    switch exchange.outcome(of: ObjectIdentifier(self), about: digest.words) {
    case .value(let value):
      guard case .session(let session, let cookie) = value as? Finding else {
        if case .refused(let reason) = value as? Finding { return refuse(reason) }
        return .deny(Denial(.internalError))
      }
      let seconds = (session.endMilliseconds - session.startMilliseconds) / 1000
      setCookie(settings.loginCookie, "", 0, &exchange)
      setCookie(settings.sessionCookie, cookie, seconds, &exchange)
      return send(to: LocalTarget.isLocal(login.target) ? login.target : "/", &exchange)
    case .failed, .response: return unavailable
    case nil: break
    }
    let now = exchange.wallMilliseconds
    let form = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
      ("code_verifier", login.verifier),
    ]
    let steady = exchange.start.nanoseconds / 1_000_000
    return ask(endpoints.token, form, digest, now) { [settings] answer in
      guard let token = answer.identityToken, let identifier = OIDCPolicy.random() else {
        return .refused("the provider sent no ID token")
      }
      do throws(TokenRefusal) {
        let verified = try settings.tokens.claims(
          token, nonce: login.nonce, accessToken: answer.accessToken, nowMilliseconds: now,
          atMilliseconds: steady)
        return settings.finding(
          answer, verified.claims, identifier: identifier, start: now,
          end: now + settings.lifetimeMilliseconds, now: now)
      } catch {
        return .refused(error.reason)
      }
    }
  }

  private func login(_ exchange: borrowing Exchange) -> LoginState? {
    let name = Array(settings.loginCookie.utf8)
    guard case .token(let place, _) = CookiePairs.find(name, exchange.request.fields) else {
      return nil
    }
    let sealed = Array(exchange.request.fields.arena[place.range])
    return settings.seal.open(sealed, for: settings.loginCookie).flatMap { LoginState($0) }
  }

  /// A parameter of the query that stands there once.
  private func parameter(_ name: String, _ request: borrowing RequestHead) -> String? {
    let parameter = QueryParameter(name)
    guard parameter.count(in: request) == 1, let bytes = parameter.value(in: request) else {
      return nil
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Renews the tokens of a session (Core §12), once for all requests that show its cookie.
  func renew(
    _ session: BrowserSession, _ digest: Digest256, _ exchange: inout Exchange
  ) -> Verdict {
    let now = exchange.wallMilliseconds
    if let known = renewals.find(digest, nowMilliseconds: now) {
      return renewed(known, &exchange)
    }
    switch exchange.outcome(of: ObjectIdentifier(self), about: digest.words) {
    case .value(let value):
      guard let finding = value as? Finding else { return .deny(Denial(.internalError)) }
      return renewed(finding, &exchange)
    case .failed, .response: return unavailable
    case nil: break
    }
    guard let endpoints = settings.provider.endpoints else { return unavailable }
    let form = [("grant_type", "refresh_token"), ("refresh_token", session.refreshToken)]
    let steady = exchange.start.nanoseconds / 1_000_000
    return ask(endpoints.token, form, digest, now) { [settings, renewals] answer in
      let finding = settings.renewal(of: session, answer, now: now, steady: steady)
      renewals.keep(finding, digest, nowMilliseconds: now)
      return finding
    }
  }

  private func renewed(_ finding: Finding, _ exchange: inout Exchange) -> Verdict {
    guard case .session(let session, let cookie) = finding,
      !settings.ended.hasEnded(session, exchange.live),
      let known = identity(session, exchange.live)
    else { return begin(&exchange) }
    let rest = session.endMilliseconds - min(session.endMilliseconds, exchange.wallMilliseconds)
    setCookie(settings.sessionCookie, cookie, rest / 1000, &exchange)
    return accept(known, &exchange)
  }

  /// Asks the token endpoint; a refusal there is a finding too.
  private func ask(
    _ url: String, _ form: [(String, String)], _ digest: Digest256, _ now: UInt64,
    _ read: @escaping @Sendable (TokenAnswer) -> Finding
  ) -> Verdict {
    let (client, authorities) = (settings.client, settings.provider.authorities)
    let work = Need.Work.request(url: url) {
      var fields: [(name: String, value: String)] = [
        ("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"),
      ]
      var form = form
      guard client.apply(to: &fields, &form, url: url, nowMilliseconds: now) else { return nil }
      return NeedRequest(
        "POST", url, fields: fields, body: Array(FormText.encode(form).utf8),
        bytesMax: TokenAnswer.bytesMax, authorities: authorities)
    }
    let need = pending.need(
      about: digest, of: self, milliseconds: settings.milliseconds, work
    ) { outcome in
      guard case .response(let response) = outcome else { return outcome }
      if let answer = TokenAnswer(response) { return .value(read(answer)) }
      if response.status == 400 || response.status == 401 {
        return .value(Finding.refused("the provider refuses the code or the refresh token"))
      }
      return .failed("\(url): status \(response.status), or no token response")
    }
    guard let need else { return .deny(Denial(.overloaded, reason: "too many logins wait")) }
    return .wait(for: need)
  }

  private var unavailable: Verdict {
    .deny(
      Denial(.upstreamUnavailable, retryAfterSeconds: 1, reason: "the provider gave no answer"))
  }

  private func refuse(_ reason: StaticString) -> Verdict {
    .deny(Denial(.credentialsInvalid, challenge: challenge, reason: reason))
  }

  /// Ends the session here, and leads on to where the provider ends its own (RP-Initiated Logout
  /// 1.0 §2).
  func leave(_ exchange: inout Exchange) -> Verdict {
    if exchange.request.fields.joined("sec-fetch-site") == Array("cross-site".utf8) {
      return .deny(Denial(.originDenied, reason: "another site asks for the logout"))
    }
    let name = Array(settings.sessionCookie.utf8)
    if case .token(let place, _) = CookiePairs.find(name, exchange.request.fields),
      let session = session(Array(exchange.request.fields.arena[place.range]))
    {
      let verdict = settings.ended.end(
        .session(session.identifier), untilMilliseconds: session.endMilliseconds, exchange, of: self
      )
      switch verdict {
      case nil: break
      case .wait, .count: return verdict ?? .proceed
      case .deny, .proceed, .answer:
        // The browser has left all the same; only where it went before might not know it yet.
        setCookie(settings.sessionCookie, "", 0, &exchange)
        return verdict ?? .proceed
      }
    }
    setCookie(settings.sessionCookie, "", 0, &exchange)
    let target = settings.origin + settings.afterLogout
    guard let end = settings.provider.endpoints?.endSession else {
      return send(to: target, &exchange)
    }
    let pairs = [
      ("client_id", settings.client.identifier), ("post_logout_redirect_uri", target),
    ]
    return send(to: end + (end.contains("?") ? "&" : "?") + FormText.encode(pairs), &exchange)
  }
}

extension OIDCSettings {
  /// A session by what the provider has sent, and its cookie.
  func finding(
    _ answer: TokenAnswer, _ claims: JSONIndex, identifier: String, start: UInt64, end: UInt64,
    now: UInt64
  ) -> OIDCPolicy.Finding {
    let session = BrowserSession(
      identifier: identifier, providerSession: claims.root["sid"]?.string ?? "",
      subject: claims.root["sub"]?.string ?? "", startMilliseconds: start, endMilliseconds: end,
      renewalMilliseconds: answer.lifetimeSeconds.map { now + UInt64($0) * 1000 } ?? end,
      refreshToken: answer.refreshToken ?? "", claims: claims.bytes)
    guard let cookie = seal.seal(session.bytes, for: sessionCookie) else {
      return .refused("the session is too long for a cookie: ask for fewer claims")
    }
    return .session(session, cookie: cookie)
  }

  /// The session that goes on with new tokens; an ID token among them is of the same person.
  func renewal(
    of session: BrowserSession, _ answer: TokenAnswer, now: UInt64, steady: UInt64
  ) -> OIDCPolicy.Finding {
    var answer = answer
    if answer.refreshToken == nil { answer.refreshToken = session.refreshToken }
    guard var claims = try? JSONIndex(session.claims) else { return .refused("no claims") }
    if let token = answer.identityToken {
      do throws(TokenRefusal) {
        let verified = try tokens.claims(
          token, nonce: nil, accessToken: answer.accessToken, nowMilliseconds: now,
          atMilliseconds: steady)
        guard verified.claims.root["sub"]?.string == session.subject else { throw .subject }
        claims = verified.claims
      } catch {
        return .refused(error.reason)
      }
    }
    return finding(
      answer, claims, identifier: session.identifier, start: session.startMilliseconds,
      end: session.endMilliseconds, now: now)
  }
}
