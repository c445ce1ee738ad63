import Crypto
import Formats
import Foundation
import HTTP
import JOSE
import PolicyKit
import Synchronization
import Testing

@testable import Policies

@Suite struct IntrospectionTests {
  private static let settings =
    "{ url: 'https://id.example/introspect', client-id: gate way, client-secret: 's:1', audience: shop"

  private func make(_ more: String = "") -> IntrospectionPolicy {
    let (policy, report) = PolicyBench.make(
      IntrospectionPolicy.self, IntrospectionTests.settings + more + " }")
    #expect(report == "")
    return policy
  }

  private func exchange(_ token: String, at milliseconds: UInt64 = 1_000_000) -> BenchExchange {
    let exchange = PolicyBench.exchange([("authorization", "Bearer \(token)")])
    exchange.wallMilliseconds = milliseconds
    return exchange
  }

  /// Has the policy decide, with `answer` for whatever it asks.
  private func decide(
    _ policy: IntrospectionPolicy, _ exchange: BenchExchange, _ answer: String, status: Int = 200
  ) -> (verdict: Verdict, asked: NeedRequest?) {
    let verdict = policy.review(exchange)
    guard case .wait(let need) = verdict, case .request(_, let make) = need.work else {
      return (verdict, nil)
    }
    let asked = make()
    need.settle(.response(NeedResponse(status: status, fields: [], body: Array(answer.utf8))))
    exchange.needs.append(need)
    return (policy.review(exchange), asked)
  }

  private static let active =
    #"{"active":true,"aud":"shop","sub":"carol","scope":"read","exp":2000}"#

  @Test func `The server is asked once, as the client that the gateway is`() throws {
    let policy = make()
    let first = exchange("opaque-1")
    let (verdict, asked) = decide(policy, first, IntrospectionTests.active)
    #expect(PolicyBench.problem(verdict) == nil)
    #expect(first.consumer?.name == "carol")
    #expect(first.consumer?.scopes == ["read"])
    #expect(PolicyBench.value(first.request.fields, "authorization") == nil)
    let request = try #require(asked)
    #expect(request.method == "POST")
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == "token=opaque-1&token_type_hint=access_token")
    // RFC 6749 §2.3.1: each part form-encoded before they are joined.
    let pair = Base64.encode("gate%20way:s%3A1".utf8.span, .standard)
    #expect(request.fields.contains { $0 == ("authorization", "Basic \(pair)") })
    let second = exchange("opaque-1", at: 1_059_000)
    #expect(PolicyBench.problem(policy.review(second)) == nil)
    #expect(second.consumer?.name == "carol")
    // Believed for a minute, and then asked about again.
    guard case .wait = policy.review(exchange("opaque-1", at: 1_060_000)) else {
      Issue.record("an answer was believed for too long")
      return
    }
  }

  @Test func `Those that show one token at a time share one request`() {
    let policy = make()
    guard case .wait(let first) = policy.review(exchange("a")),
      case .wait(let second) = policy.review(exchange("a")),
      case .wait(let other) = policy.review(exchange("b"))
    else {
      Issue.record("nothing was asked")
      return
    }
    #expect(first === second)
    #expect(first !== other)
  }

  // JWT-16.
  @Test(arguments: [
    #"{"active":false}"#, #"{"active":true,"aud":"till","sub":"carol"}"#,
    #"{"active":true,"sub":"carol"}"#, #"{"active":true,"aud":["till","shop2"]}"#,
    #"{"active":true,"aud":"shop","exp":999}"#, #"{"active":true,"aud":"shop","exp":"2000"}"#,
    #"{"active":true,"aud":"shop","exp":1e300}"#, #"{"active":true,"aud":"shop","nbf":1001}"#,
    #"{"active":true,"aud":"shop","sub":7}"#, #"{"active":true,"aud":"shop","sub":"a\r\nb"}"#,
    #"{"active":true,"aud":"shop","cnf":{"other":"x"}}"#,
  ])
  func `What is not right in every way is refused, and not asked about again at once`(
    answer: String
  ) {
    let policy = make()
    let refused = exchange("t")
    #expect(
      PolicyBench.problem(decide(policy, refused, answer).verdict) == .credentialsInvalid)
    #expect(refused.consumer == nil)
    #expect(PolicyBench.problem(policy.review(exchange("t"))) == .credentialsInvalid)
    let later = policy.review(exchange("t", at: 1_010_000))
    guard case .wait = later else {
      Issue.record("a refusal was believed for too long")
      return
    }
  }

  @Test(arguments: [
    ("", 200), ("[]", 200), (#"{"active":"true"}"#, 200), (#"{"active":1}"#, 200),
    (#"{"active":true,"active":false}"#, 200), (#"{"active":true,"aud":"shop"}"#, 401),
    (#"{"active":true,"aud":"shop"}"#, 302), ("oops", 500),
  ])
  func `No answer lets nobody in, and is not remembered`(answer: String, status: Int) {
    let policy = make()
    let (verdict, _) = decide(policy, exchange("t"), answer, status: status)
    #expect(PolicyBench.problem(verdict) == .upstreamUnavailable)
    #expect(PolicyBench.problem(decide(policy, exchange("t"), IntrospectionTests.active).0) == nil)
  }

  @Test func `A token that lacks a scope may not pass`() {
    let policy = make(", scopes: [read, write]")
    #expect(
      PolicyBench.problem(decide(policy, exchange("t"), IntrospectionTests.active).0)
        == .accessDenied)
  }

  @Test func `A token that is bound to a certificate works with no other`() {
    let policy = make()
    let hash = Base64.encode([UInt8](repeating: 9, count: 32).span)
    let answer = #"{"active":true,"aud":"shop","sub":"c","cnf":{"x5t#S256":"\#(hash)"}}"#
    for byte in [UInt8(9), 8] {
      let bound = exchange("t")
      bound.peer = PeerCertificate(
        fingerprint: [UInt8](repeating: byte, count: 32), subject: "", issuer: "",
        commonName: nil, dnsNames: [], uris: [], emails: [])
      let problem = PolicyBench.problem(decide(policy, bound, answer).0)
      #expect(problem == (byte == 9 ? nil : .credentialsInvalid))
    }
    #expect(PolicyBench.problem(policy.review(exchange("t"))) == .credentialsInvalid)
  }

  @Test func `An assertion is signed anew each time`() throws {
    let pem = String(decoding: try PrivateKey.generateP256().pem(), as: UTF8.self)
    let yaml = "{ url: 'https://x/', client-id: me, client-key: key.pem, any-audience: true }"
    let (policy, report) = PolicyBench.make(
      IntrospectionPolicy.self, yaml, texts: ["key.pem": pem])
    #expect(report == "")
    let answer = #"{"active":true,"sub":"carol"}"#
    let bodies = ["a", "b"].map { token in
      String(decoding: decide(policy, exchange(token), answer).asked?.body ?? [], as: UTF8.self)
    }
    #expect(bodies.allSatisfy { $0.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth") })
    let assertions = bodies.compactMap { $0.range(of: "client_assertion=").map { $0.upperBound } }
    #expect(assertions.count == 2)
    #expect(bodies[0].suffix(60) != bodies[1].suffix(60))
  }

  @Test(arguments: [
    ("{ client-id: a, client-secret: b, audience: c }", "'url' is missing"),
    (
      "{ url: 'http://id.example/', client-id: a, client-secret: b, audience: c }",
      "an https URL, or http to this machine"
    ),
    ("{ url: 'https://x/', client-id: a, audience: c }", "nothing shows which client this is"),
    ("{ url: 'https://x/', client-id: a, client-secret: b }", "'audience' is missing"),
    (
      "{ url: 'https://x/', client-id: a, client-secret: b, audience: c, any-audience: true }",
      "'any-audience' beside 'audience'"
    ),
  ])
  func `Settings that would let anybody in are refused`(yaml: String, wanted: String) {
    #expect(PolicyBench.make(IntrospectionPolicy.self, yaml).report.contains(wanted))
  }
}
