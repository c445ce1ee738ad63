import Base
import Crypto
public import Formats
import HTTP
import JOSE
public import PolicyKit

/// `introspection`: tells who calls by asking the authorization server about the token (RFC 7662).
///
/// Answers are kept by the token's whole hash, good ones and bad ones, within bounds; what cannot
/// be asked is refused.
public final class IntrospectionPolicy: CredentialPolicy {
  private static let invalid: StaticString = "Bearer realm=\"gatehouse\", error=\"invalid_token\""
  private static let insufficient: StaticString =
    "Bearer realm=\"gatehouse\", error=\"insufficient_scope\""

  /// Longest token, in bytes.
  private static let tokenBytesMax = 8192

  /// What is checked here.
  public static let kind = CredentialKinds.token

  private let place: BearerToken
  private let keeps: Bool
  private let url: String
  private let authorities: TrustedAuthorities?
  private let authentication: ClientAuthentication
  private let rules: IntrospectionRules
  private let proof: TokenProof
  private let scopes: Set<String>
  private let milliseconds: Int
  private let refusedMilliseconds: UInt64
  private let active: IdentityCache
  private let refused: IdentityCache
  private let pending = PendingNeeds(of: IntrospectionPolicy.self)
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    place = JWTSettings.place(&settings)
    keeps = settings.boolean("keep") ?? false
    url = RemoteURL.required("url", &settings) ?? ""
    authorities = AuthoritySetting.read(&settings, site)
    authentication = ClientAuthentication(&settings)
    scopes = Set(settings.list("scopes") ?? [])
    milliseconds = settings.duration("timeout", in: 100...30_000) ?? 3_000
    let kept = settings.duration("ttl", in: 0...3_600_000) ?? 60_000
    refusedMilliseconds = UInt64(settings.duration("negative-ttl", in: 0...60_000) ?? 10_000)
    let audiences = settings.list("audience")
    let isAnyAudience = settings.boolean("any-audience") ?? false
    if (audiences ?? []).isEmpty != isAnyAudience {
      settings.error(
        isAnyAudience ? "'any-audience' beside 'audience'" : "'audience' is missing",
        expected: "the audience that tokens for this API have, or any-audience: true",
        at: settings.position)
    }
    rules = IntrospectionRules(
      audiences: isAnyAudience ? nil : audiences ?? [], issuers: settings.list("issuer"),
      identity: JWTSettings.identity(&settings, site), keptMilliseconds: UInt64(kept))
    proof = JWTSettings.proof(&settings, site, leewaySeconds: 30, url: "url-of-api")
    let count = settings.integer("cache", in: 256...1_048_576) ?? 16_384
    active = IdentityCache(count: count)
    refused = IdentityCache(count: max(256, count / 4))
  }

  /// What a client is told that shows no token.
  public var challenge: StaticString? { "Bearer realm=\"gatehouse\"" }

  /// Takes tokens out of the request.
  public func withdraw(from exchange: inout Exchange) {
    if !keeps { place.remove(from: &exchange.request.fields) }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    switch place.find(exchange.request.fields) {
    case .none: return .deny(Denial(.credentialsRequired, challenge: challenge))
    case .malformed: return refuse("the token is malformed, or one of several")
    case .token(let token, let isProof):
      guard token.count <= IntrospectionPolicy.tokenBytesMax else {
        return refuse(TokenRefusal.tooLarge.reason)
      }
      return review(&exchange, token, isProof: isProof)
    }
  }

  private func review(_ exchange: inout Exchange, _ token: Slice, isProof: Bool) -> Verdict {
    let digest = hasher.hash(exchange.request.fields[token])
    exchange.notes(credential: digest.words.0)
    let now = exchange.wallMilliseconds
    if let known = active.find(digest, stamp: 0, nowMilliseconds: now) {
      return accept(&exchange, known, digest, isProof: isProof)
    }
    if refused.find(digest, stamp: 0, nowMilliseconds: now) != nil {
      return refuse("the issuer said before that the token is not active")
    }
    switch exchange.outcome(of: ObjectIdentifier(self), about: digest.words) {
    case .value(let value):
      switch value as? IntrospectionFinding {
      case .active(let known, _, let expires) where now < expires:
        return accept(&exchange, known, digest, isProof: isProof)
      case .active: return refuse(TokenRefusal.expired.reason)
      case .refused(let reason): return refuse(reason)
      case nil: return .deny(Denial(.internalError))
      }
    case .failed, .response:
      return .deny(
        Denial(
          .upstreamUnavailable, retryAfterSeconds: 1,
          reason: "the authorization server gave no answer about the token"))
    case nil: return ask(exchange, token, digest)
    }
  }

  private func ask(
    _ exchange: borrowing Exchange, _ token: Slice, _ digest: Digest256
  ) -> Verdict {
    let text = exchange.request.fields.text(token)
    let now = exchange.wallMilliseconds
    let (url, authentication, authorities) = (self.url, self.authentication, self.authorities)
    let work = Need.Work.request(url: url) {
      var fields: [(name: String, value: String)] = [
        ("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"),
      ]
      var form = [("token", text), ("token_type_hint", "access_token")]
      guard authentication.apply(to: &fields, &form, url: url, nowMilliseconds: now) else {
        return nil
      }
      return NeedRequest(
        "POST", url, fields: fields, body: Array(FormText.encode(form).utf8),
        bytesMax: IntrospectionRules.answerBytesMax, authorities: authorities)
    }
    let need = pending.need(
      about: digest, of: self, milliseconds: milliseconds, work
    ) { [weak self] outcome in self?.keep(outcome, digest, now) ?? .failed("") }
    guard let need else {
      return .deny(Denial(.overloaded, reason: "too many tokens are being asked about"))
    }
    return .wait(for: need)
  }

  /// Takes an answer over: what it means is kept, and is what those who wait find.
  private func keep(
    _ outcome: Need.Outcome, _ digest: Digest256, _ now: UInt64
  ) -> Need.Outcome {
    guard case .response(let response) = outcome else { return outcome }
    guard response.status == 200 else { return .failed("\(url): status \(response.status)") }
    guard let finding = rules.finding(response.body, nowMilliseconds: now) else {
      return .failed("\(url): the answer is no introspection response")
    }
    switch finding {
    case .active(let known, let until, _):
      active.keep(
        digest, stamp: 0, expiryMilliseconds: until, nowMilliseconds: now, identity: known)
    case .refused:
      refused.keep(
        digest, stamp: 0, expiryMilliseconds: now + refusedMilliseconds, nowMilliseconds: now,
        identity: .nobody)
    }
    return .value(finding)
  }

  private func accept(
    _ exchange: inout Exchange, _ found: KnownIdentity, _ digest: Digest256, isProof: Bool
  ) -> Verdict {
    var known = found
    if !known.holds(in: exchange.live) {
      guard let renewed = try? rules.identity.renewed(known, exchange.live) else {
        return refuse(TokenRefusal.subject.reason)
      }
      active.replace(digest, stamp: 0, identity: renewed)
      known = renewed
    }
    if known.binding != nil || isProof || proof.demand != .none {
      do throws(TokenRefusal) {
        try proof.check(known.binding, isProof: isProof, token: digest, &exchange)
      } catch {
        return refuse(error.reason)
      }
    }
    guard scopes.isSubset(of: known.consumer.scopes ?? []) else {
      return .deny(
        Denial(
          .accessDenied, challenge: IntrospectionPolicy.insufficient,
          reason: "the token lacks a scope"))
    }
    identify(known.consumer, &exchange)
    if !keeps { place.remove(from: &exchange.request.fields) }
    return .proceed
  }

  private func refuse(_ reason: StaticString) -> Verdict {
    .deny(
      Denial(.credentialsInvalid, challenge: IntrospectionPolicy.invalid, reason: reason))
  }
}
