import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `authorizer`: has another service decide, by the HTTP form of Envoy's external authorization or
/// by the REST API of Open Policy Agent.
public final class AuthorizerPolicy: RequestPolicy {
  /// Which of the two it speaks.
  enum Dialect: String, CaseIterable, Sendable { case http, opa }
  /// What is done if there is no answer.
  enum FailureRule: String, CaseIterable, Sendable { case closed, open }

  private let question: AuthorizerQuestion
  private let milliseconds: Int
  private let failure: FailureRule
  private let cache: DecisionCache?
  private let pending = PendingNeeds(of: AuthorizerPolicy.self)
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    question = AuthorizerQuestion(&settings, at: site)
    milliseconds = settings.duration("timeout", in: 10...30_000) ?? 1_000
    failure = settings.choice("on-failure", of: FailureRule.self) ?? .closed
    let kept = settings.duration("cache", in: 0...300_000) ?? 0
    cache = kept == 0 ? nil : DecisionCache(milliseconds: UInt64(kept))
    if failure == .open {
      settings.warning(
        "while the authorizer gives no answer, everybody may do everything",
        at: settings.position(of: "on-failure"))
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let request = question.request(exchange)
    let digest = hasher.hash(AuthorizerQuestion.text(request).span)
    let now = exchange.wallMilliseconds
    if let known = cache?.find(digest, nowMilliseconds: now) { return apply(known, &exchange) }
    switch exchange.outcome(of: ObjectIdentifier(self), about: digest.words) {
    case .value(let value):
      guard let decision = value as? AuthorizerDecision else {
        return .deny(Denial(.internalError))
      }
      return apply(decision, &exchange)
    case .failed, .response: return failed(&exchange)
    case nil: break
    }
    let (question, cache) = (self.question, self.cache)
    let need = pending.need(
      about: digest, of: self, milliseconds: milliseconds, .request(url: request.url) { request }
    ) { outcome in
      guard case .response(let response) = outcome else { return outcome }
      guard let decision = question.decision(response) else {
        return .failed("\(request.url): status \(response.status), which is no decision")
      }
      cache?.keep(decision, digest, nowMilliseconds: now)
      return .value(decision)
    }
    guard let need else { return failed(&exchange) }
    return .wait(for: need)
  }

  /// There is no decision: the request is refused, unless the configuration says otherwise.
  private func failed(_ exchange: inout Exchange) -> Verdict {
    if failure == .open {
      exchange.detail = Array("the authorizer gave no answer, and the request was let through".utf8)
      return .proceed
    }
    return .deny(
      Denial(
        .upstreamUnavailable, retryAfterSeconds: 1, reason: "the authorizer gave no decision"))
  }

  private func apply(_ decision: AuthorizerDecision, _ exchange: inout Exchange) -> Verdict {
    if !decision.detail.isEmpty { exchange.detail = decision.detail }
    for field in decision.clientFields {
      exchange.replyFields.append(name: field.name.span, value: field.value.span)
    }
    switch decision.kind {
    case .allowed:
      for field in decision.upstreamFields {
        let name = field.name
        exchange.request.fields.remove(named: name.span)
        exchange.request.fields.append(name: name.span, value: field.value.span)
      }
      return .proceed
    case .unknownCaller(let isTold):
      return .deny(
        Denial(
          .credentialsRequired, challenge: isTold ? nil : "Bearer realm=\"gatehouse\"",
          reason: "the authorizer asks for credentials"))
    case .redirected(let status): return .answer(status: status)
    case .denied: return .deny(Denial(.accessDenied, reason: "the authorizer refuses"))
    }
  }

  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "authorizer", stage: .authorization,
      summary: "Has another service decide who may do what.",
      options: [
        .init("url", "URL", default: "required", "where it is asked"),
        .init(
          "type", "word", default: "http",
          "http, for Envoy's external authorization, or opa, for Open Policy Agent"),
        AuthoritySetting.option,
        .init("timeout", "duration", default: "1s", "how long it may take"),
        .init(
          "on-failure", "word", default: "closed",
          "what follows if it gives no decision: closed, or open, which lets everybody through"),
        .init("cache", "duration", default: "0", "how long a decision holds for equal requests"),
        .init(
          "headers", "list of field names", default: "authorization with http, none with opa",
          "the request's fields that it is told"),
        .init(
          "append-path", "boolean", default: "true",
          "with http, whether the request's path and query stand behind the URL"),
        .init(
          "upstream-headers", "list of field names", default: "none",
          "with http, fields of its answer that the upstream gets"),
        .init(
          "client-headers", "list of field names", default: "none",
          "with http, fields of its refusal that the client gets; location lets it redirect"),
      ])
  }
}
