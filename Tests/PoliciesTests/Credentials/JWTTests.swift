import Base
import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

@Suite struct JWTTests {
  private let secretBytes = [UInt8](repeating: 7, count: 32)
  private var secret: String { "base64:" + Base64.encode(secretBytes.span, .standard) }

  private func settings(_ more: String = "") -> String {
    "{ issuer: https://id.example, audience: shop, secret: '\(secret)'\(more) }"
  }

  private func token(_ claims: String, type: String? = nil) throws -> String {
    let key = JSONWebKey(.secret(SymmetricKey(secretBytes)))
    return try SignatureWriter(key, .hs256).sign(Array(claims.utf8), type: type)
  }

  private func claims(_ more: String = "", subject: String = "carol", exp: Int = 2000) -> String {
    #"{"iss":"https://id.example","aud":"shop","sub":"\#(subject)","exp":\#(exp)\#(more)}"#
  }

  private func exchange(_ token: String?, atSeconds: UInt64 = 1000) -> BenchExchange {
    let fields = token.map { [("authorization", "Bearer \($0)")] } ?? []
    let exchange = PolicyBench.exchange(fields, atMilliseconds: atSeconds * 1000)
    exchange.wallMilliseconds = atSeconds * 1000
    return exchange
  }

  private func denial(_ verdict: Verdict) -> Denial? {
    if case .deny(let denial) = verdict { return denial }
    return nil
  }

  @Test func `A right token names the caller and does not go upstream`() throws {
    let (policy, report) = PolicyBench.make(JWTPolicy.self, settings())
    #expect(report == "")
    for _ in 0..<2 {
      let exchange = exchange(try token(claims(#","scope":"a b""#)))
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(exchange.consumer?.name == "carol")
      #expect(exchange.consumer?.index == -1)
      #expect(exchange.consumer?.scopes == ["a", "b"])
      #expect(PolicyBench.value(exchange.request.fields, "authorization") == nil)
    }
  }

  @Test func `The token goes upstream if that is asked for`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings(", keep: true"))
    let exchange = exchange(try token(claims()))
    #expect(PolicyBench.problem(policy.review(exchange)) == nil)
    #expect(PolicyBench.value(exchange.request.fields, "authorization") != nil)
  }

  @Test func `Without a token one is asked for, and a wrong one is refused with a reason`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings())
    let none = try #require(denial(policy.review(exchange(nil))))
    #expect(none.problem == .credentialsRequired)
    #expect("\(none.challenge ?? "")" == "Bearer realm=\"gatehouse\"")
    let basic = PolicyBench.exchange([("authorization", "Basic YTpi")])
    #expect(PolicyBench.problem(policy.review(basic)) == .credentialsRequired)
    let expired = try #require(denial(policy.review(exchange(try token(claims(exp: 900))))))
    #expect(expired.problem == .credentialsInvalid)
    #expect("\(expired.reason)" == "the token has expired")
    #expect(
      "\(expired.challenge ?? "")" == "Bearer realm=\"gatehouse\", error=\"invalid_token\"")
  }

  @Test func `Two tokens, an empty one and one with other bytes are refused`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings())
    let good = try token(claims())
    let wrong: [[(String, String)]] = [
      [("authorization", "Bearer \(good)"), ("authorization", "Bearer \(good)")],
      [("authorization", "Bearer")], [("authorization", "Bearer ")],
      [("authorization", "Bearer \(good), Bearer \(good)")],
      [("authorization", "Bearer \(good) x")], [("authorization", "Bearer \(good)=")],
      [("authorization", "Bearer\t\(good)")],
    ]
    for fields in wrong {
      let exchange = PolicyBench.exchange(fields)
      exchange.wallMilliseconds = 1_000_000
      #expect(PolicyBench.problem(policy.review(exchange)) != nil, "\(fields)")
    }
    let odd = PolicyBench.exchange([("authorization", "bEARER   \(good)")])
    odd.wallMilliseconds = 1_000_000
    #expect(PolicyBench.problem(policy.review(odd)) == nil)
  }

  // JWT-14: what is in the cache ends with the token, to the millisecond.
  @Test func `A token from the cache expires too`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings(", leeway: 0"))
    let text = try token(claims(exp: 1100))
    #expect(PolicyBench.problem(policy.review(exchange(text))) == nil)
    #expect(PolicyBench.problem(policy.review(exchange(text, atSeconds: 1099))) == nil)
    #expect(
      PolicyBench.problem(policy.review(exchange(text, atSeconds: 1100))) == .credentialsInvalid)
  }

  @Test func `A token in the cache with another last byte is another token`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings())
    let text = try token(claims())
    #expect(PolicyBench.problem(policy.review(exchange(text))) == nil)
    for end in ["A", "B", "g", "-"] where !text.hasSuffix(end) {
      #expect(
        PolicyBench.problem(policy.review(exchange(text.dropLast() + end))) == .credentialsInvalid)
    }
  }

  @Test func `Rules that change are not passed by from the cache`() throws {
    let retained = RetainedState()
    let text = try token(claims())
    let (first, _) = PolicyBench.make(JWTPolicy.self, settings(), retained: retained)
    #expect(PolicyBench.problem(first.review(exchange(text))) == nil)
    let stricter = settings(", claims: { tenant: acme }")
    let (second, _) = PolicyBench.make(JWTPolicy.self, stricter, retained: retained)
    #expect(PolicyBench.problem(second.review(exchange(text))) == .credentialsInvalid)
    #expect(PolicyBench.problem(first.review(exchange(text))) == nil)
    let otherAudience = settings().replacing("shop", with: "till")
    let (third, _) = PolicyBench.make(JWTPolicy.self, otherAudience, retained: retained)
    #expect(PolicyBench.problem(third.review(exchange(text))) == .credentialsInvalid)
  }

  @Test func `A full cache still lets right tokens through, and no wrong one`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings(", cache: 1"))
    let tokens = try (0..<600).map { try token(claims(subject: "c\($0)")) }
    for _ in 0..<2 {
      for (number, text) in tokens.enumerated() {
        let exchange = exchange(text)
        #expect(PolicyBench.problem(policy.review(exchange)) == nil)
        #expect(exchange.consumer?.name == "c\(number)")
      }
    }
  }

  @Test func `A token that lacks a scope may not pass`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings(", scopes: [read, write]"))
    let enough = try token(claims(#","scp":["write","x","read"]"#))
    let less = try token(claims(#","scope":"read""#))
    for _ in 0..<2 {
      #expect(PolicyBench.problem(policy.review(exchange(enough))) == nil)
      let refused = try #require(denial(policy.review(exchange(less))))
      #expect(refused.problem == .accessDenied)
      #expect("\(refused.challenge ?? "")".hasSuffix("error=\"insufficient_scope\""))
    }
  }

  @Test(arguments: [#""a\u000d\u000ab""#, #"" a""#, #""a ""#, #""""#, "7", #""a\u0000""#])
  func `A name that could not be sent on as it is is refused`(subject: String) throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings())
    let text = #"{"iss":"https://id.example","aud":"shop","exp":2000,"sub":\#(subject)}"#
    #expect(
      PolicyBench.problem(policy.review(exchange(try token(text)))) == .credentialsInvalid)
  }

  @Test func `The name may have to be that of a consumer who is not disabled`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings(", consumers-only: true"))
    let alice = exchange(try token(claims(subject: "alice")))
    #expect(PolicyBench.problem(policy.review(alice)) == nil)
    #expect(alice.consumer?.index == 0)
    #expect(alice.consumer?.roles == ["reader"])
    for name in ["bob", "carol", "Alice"] {
      let other = exchange(try token(claims(subject: name)))
      #expect(PolicyBench.problem(policy.review(other)) == .credentialsInvalid)
    }
  }

  @Test func `Claims give roles, groups, a limit, a field and a condition`() throws {
    let (policy, _) = PolicyBench.make(
      JWTPolicy.self, settings(", roles: realm.roles, groups: teams"))
    let more = #","realm":{"roles":["editor"]},"teams":"red blue","tenant":"acme","age":30"#
    let known = exchange(try token(claims(more)))
    #expect(PolicyBench.problem(policy.review(known)) == nil)
    #expect(known.consumer?.roles == ["editor"])
    #expect(known.consumer?.groups == ["red", "blue"])
    func access(_ yaml: String) -> Problem? {
      let (policy, report) = PolicyBench.make(AccessPolicy.self, yaml)
      #expect(report == "")
      return PolicyBench.problem(policy.review(known))
    }
    #expect(access("{ roles: [editor] }") == nil)
    #expect(access("{ roles: [reader] }") == .accessDenied)
    #expect(access("{ groups: [blue] }") == nil)
    #expect(access("{ consumers: [alice] }") == .accessDenied)
    #expect(access("{ scopes: [x] }") == .accessDenied)
    #expect(access("when: \"identity.claims.tenant == 'acme' && identity.claims.age > 20\"") == nil)
    #expect(access("when: \"'editor' in identity.claims.realm.roles\"") == nil)
    #expect(access("when: identity.claims.age > 40") == .accessDenied)
    #expect(access("when: identity.claims.none == 1") == .accessDenied)
    let (headers, report) = PolicyBench.make(
      HeadersPolicy.self, "request: { set: { X-Tenant: 't={claims.tenant}' } }")
    #expect(report == "")
    #expect(PolicyBench.problem(headers.review(known)) == nil)
    #expect(PolicyBench.value(known.request.fields, "x-tenant") == "t=acme")
  }

  @Test func `A limit by claim counts each value by itself`() throws {
    let (policy, _) = PolicyBench.make(JWTPolicy.self, settings())
    let (limit, report) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: 'claim:tenant' }")
    #expect(report == "")
    func problem(_ tenant: String, _ subject: String) throws -> Problem? {
      let text = try token(claims(#","tenant":"\#(tenant)""#, subject: subject))
      let exchange = exchange(text)
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      return PolicyBench.problem(limit.review(exchange))
    }
    #expect(try problem("a", "x") == nil)
    #expect(try problem("a", "y") == .rateLimited)
    #expect(try problem("b", "x") == nil)
  }

  // NRM-20.
  @Test func `A cookie may hold the token, and does not go upstream`() throws {
    let (policy, report) = PolicyBench.make(JWTPolicy.self, settings(", cookie: session"))
    #expect(report == "")
    let good = try token(claims())
    func review(_ fields: [(String, String)]) -> (Problem?, String?) {
      let exchange = PolicyBench.exchange(fields)
      exchange.wallMilliseconds = 1_000_000
      let problem = PolicyBench.problem(policy.review(exchange))
      return (problem, PolicyBench.value(exchange.request.fields, "cookie"))
    }
    #expect(review([("cookie", "a=1; session=\(good) ;b=2")]) == (nil, "a=1; b=2"))
    #expect(review([("cookie", "session=\(good)")]) == (nil, nil))
    #expect(review([("cookie", "a=1")]).0 == .credentialsRequired)
    #expect(review([("cookie", "xsession=\(good)")]).0 == .credentialsRequired)
    #expect(review([("cookie", "session=\"\(good)\"")]).0 == .credentialsInvalid)
    #expect(review([("cookie", "session=\(good); session=\(good)")]).0 == .credentialsInvalid)
    #expect(
      review([("cookie", "session=\(good)"), ("authorization", "Bearer \(good)")]).0
        == .credentialsInvalid)
  }

  @Test(arguments: [
    (
      "{ audience: a, secret: 'base64:\(String(repeating: "A", count: 44))' }",
      "'issuer' is missing"
    ),
    (
      "{ issuer: a, secret: 'base64:\(String(repeating: "A", count: 44))' }",
      "'audience' is missing"
    ),
    ("{ issuer: a, audience: b }", "no key to verify tokens with"),
    ("{ issuer: a, audience: b, secret: 'base64:AAAA' }", "no key fits the algorithms HS256"),
    ("{ issuer: a, audience: b, secret: hunter2 }", "'secret' is no secret in base64"),
    ("{ issuer: a, audience: b, secret: 'base64:A', key: x.pem }", "keys from more than one place"),
    ("{ issuer: a, audience: b, jwks: 'http://id.example/keys' }", "an https URL, or a file"),
    ("{ issuer: a, audience: b, jwks: 'http://localhost.evil/keys' }", "an https URL, or a file"),
    ("{ issuer: a, audience: b, jwks: 'http://127.0.0.1@evil/k' }", "an https URL, or a file"),
    ("{ issuer: a, audience: b, jwks: 'https://x/k', algorithms: [HS256] }", "'algorithms' is"),
    ("{ issuer: a, audience: b, jwks: 'https://x/k', algorithms: [none] }", "'algorithms' is"),
    ("{ issuer: a, audience: b, jwks: 'https://x/k', leeway: 61s }", "'leeway' is"),
    ("{ issuer: a, audience: b, jwks: 'https://x/k', claims: [x] }", "'claims' is no mapping"),
  ]) func `Settings that would let anybody in are refused`(yaml: String, wanted: String) {
    let report = PolicyBench.make(JWTPolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
    #expect(!report.contains("hunter2"))
  }
}
