import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

@Suite struct AnyOfTests {
  private static let key = "open-sesame"
  private static let secret = [UInt8](repeating: 7, count: 32)

  private static var credential: ConsumerDirectory.Credential {
    let words = SHA256Hasher().hash(key.utf8.span).words
    return ConsumerDirectory.Credential(digest: words, consumer: 0)
  }

  private static var jwt: String {
    let text = Base64.encode(secret.span, .standard)
    return "jwt: { issuer: i, audience: a, secret: 'base64:\(text)' }"
  }

  private static func token(_ issuer: String = "i") throws -> String {
    let writer = try SignatureWriter(JSONWebKey(.secret(SymmetricKey(secret))), .hs256)
    let claims = #"{"iss":"\#(issuer)","aud":"a","sub":"carol","exp":2000}"#
    return try writer.sign(Array(claims.utf8))
  }

  private func make(_ ways: [String]) -> (policy: AnyOfPolicy, report: String) {
    let list = ways.map { "  - \($0)\n" }.joined()
    return PolicyBench.make(
      AnyOfPolicy.self, "ways:\n\(list)", credentials: [AnyOfTests.credential])
  }

  private func exchange(_ fields: [(String, String)]) -> BenchExchange {
    let exchange = PolicyBench.exchange(fields)
    exchange.wallMilliseconds = 1_000_000
    return exchange
  }

  @Test func `The first way that works tells who calls`() throws {
    let (policy, report) = make([AnyOfTests.jwt, "api-key: {}"])
    #expect(report == "")
    let token = try AnyOfTests.token()
    let byToken = exchange([("authorization", "Bearer \(token)")])
    #expect(PolicyBench.problem(policy.review(byToken)) == nil)
    #expect(byToken.consumer?.name == "carol")
    let byKey = exchange([("x-api-key", AnyOfTests.key)])
    #expect(PolicyBench.problem(policy.review(byKey)) == nil)
    #expect(byKey.consumer?.name == "alice")
    let byBoth = exchange([
      ("x-api-key", AnyOfTests.key), ("authorization", "Bearer \(token)"),
    ])
    #expect(PolicyBench.problem(policy.review(byBoth)) == nil)
    #expect(byBoth.consumer?.name == "carol")
    // Neither goes on, though one of them alone was looked at (JWT-24).
    #expect(PolicyBench.value(byBoth.request.fields, "x-api-key") == nil)
    #expect(PolicyBench.value(byBoth.request.fields, "authorization") == nil)
  }

  @Test func `Only what the way that worked has checked counts as shown`() throws {
    let (policy, _) = make([AnyOfTests.jwt, "api-key: {}", "anonymous"])
    let token = try AnyOfTests.token()
    let cases: [([(String, String)], CredentialKinds)] = [
      ([("authorization", "Bearer \(token)")], .token), ([("x-api-key", AnyOfTests.key)], .key),
      ([("authorization", "Bearer \(token)"), ("x-api-key", AnyOfTests.key)], .token),
      ([("authorization", "Bearer x"), ("x-api-key", AnyOfTests.key)], .key), ([], []),
    ]
    for (fields, shown) in cases {
      let exchange = exchange(fields)
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(exchange.shown == shown)
    }
  }

  @Test func `A wrong credential is no missing one`() throws {
    let (policy, report) = make([
      AnyOfTests.jwt, "api-key: {}", "anonymous: { roles: [guest] }",
    ])
    #expect(report == "")
    let nobody = exchange([])
    #expect(PolicyBench.problem(policy.review(nobody)) == nil)
    #expect(nobody.consumer?.roles == ["guest"])
    #expect(nobody.consumer?.isAnonymous == true)
    for fields in [
      [("authorization", "Bearer x.y.z")], [("x-api-key", "wrong")], [("x-api-key", "")],
      [("authorization", "Bearer \(try AnyOfTests.token("j"))")],
    ] {
      let wrong = exchange(fields)
      #expect(PolicyBench.problem(policy.review(wrong)) == .credentialsInvalid)
      #expect(wrong.consumer == nil)
    }
    // What is right of its own lets in, and what was wrong beside it does not go on.
    let mixed = exchange([("authorization", "Bearer x.y.z"), ("x-api-key", AnyOfTests.key)])
    #expect(PolicyBench.problem(policy.review(mixed)) == nil)
    #expect(mixed.consumer?.name == "alice")
    #expect(PolicyBench.value(mixed.request.fields, "authorization") == nil)
  }

  // JWT-25.
  @Test func `Nobody is let in anonymously where that is not written`() {
    let (policy, _) = make([AnyOfTests.jwt, "api-key: {}"])
    let nobody = exchange([])
    guard case .deny(let denial) = policy.review(nobody) else {
      Issue.record("nobody was let in")
      return
    }
    #expect(denial.problem == .credentialsRequired)
    // RFC 9110 §11.6.1: a challenge for each way.
    #expect("\(denial.challenge ?? "")" == "Bearer realm=\"gatehouse\"")
    #expect(
      PolicyBench.value(nobody.replyFields, "www-authenticate") == "APIKey realm=\"gatehouse\"")
  }

  @Test func `Anonymous without roles is nobody`() {
    let (policy, report) = make(["api-key: {}", "anonymous"])
    #expect(report == "")
    let nobody = exchange([])
    #expect(PolicyBench.problem(policy.review(nobody)) == nil)
    #expect(nobody.consumer == nil)
  }

  @Test func `Two issuers have each its own keys`() throws {
    let other = Base64.encode([UInt8](repeating: 8, count: 32).span, .standard)
    let (policy, report) = make([
      "jwt: { issuer: j, audience: a, secret: 'base64:\(other)' }", AnyOfTests.jwt,
    ])
    #expect(report == "")
    let right = exchange([("authorization", "Bearer \(try AnyOfTests.token())")])
    #expect(PolicyBench.problem(policy.review(right)) == nil)
    // Signed with the key of one issuer under the name of the other.
    let mixed = exchange([("authorization", "Bearer \(try AnyOfTests.token("j"))")])
    #expect(PolicyBench.problem(policy.review(mixed)) == .credentialsInvalid)
  }

  @Test(arguments: [
    ("{}", "'ways' is missing"), ("{ ways: [] }", "no way tells who calls"),
    ("{ ways: [anonymous] }", "no way tells who calls"),
    ("{ ways: [anonymous, { api-key: {} }] }", "'anonymous' stands before other ways"),
    ("{ ways: [{ api-key: { nonsense: 1 } }] }", "unknown key"),
    ("{ ways: [{ acces: {} }] }", "'ways' is"), ("{ ways: [[1]] }", "this is no policy"),
    ("{ ways: [{ any-of: {} }] }", "'ways' is"),
  ])
  func `A list that lets anybody in by accident is refused`(yaml: String, wanted: String) {
    let report = PolicyBench.make(AnyOfPolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
  }
}
