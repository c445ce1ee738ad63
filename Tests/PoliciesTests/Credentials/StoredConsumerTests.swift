import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

/// Credentials of consumers that are in the store alone, whichever policy they come by.
@Suite struct StoredConsumerTests {
  private static let secret = [UInt8](repeating: 7, count: 32)

  /// A policy with a way to show it a credential of `shop`.
  private struct Way {
    let name: String
    let policy: any CredentialPolicy
    let exchange: () throws -> BenchExchange
    /// What stands for whatever the policy has to ask.
    let answer: Need.Outcome
  }

  private func encoded(_ text: String) -> String { Base64.encode(text.utf8.span, .standard) }

  private func made<Policy: CredentialPolicy>(_ type: Policy.Type, _ yaml: String) -> Policy {
    let (policy, report) = PolicyBench.make(type, yaml, hasStore: true)
    #expect(report == "")
    return policy
  }

  private func exchange(_ value: String) -> BenchExchange {
    PolicyBench.exchange([("authorization", value)])
  }

  private func ways() throws -> [Way] {
    let cheap = Argon2id(memoryKibibytes: 64, passes: 1, lanes: 1)
    let hash = try PasswordHash(of: "pw", cost: cheap).text
    let basic = made(
      BasicPolicy.self, "users: [{ name: carol, password: '\(hash)', consumer: shop }]")
    let ldap = made(
      LDAPPolicy.self, "{ url: 'ldaps://d', entry: 'uid={user}', consumers-only: true }")
    let secret = Base64.encode(StoredConsumerTests.secret.span, .standard)
    let jwt = made(
      JWTPolicy.self, "{ issuer: i, audience: a, secret: 'base64:\(secret)', consumers-only: true }"
    )
    let introspection = made(
      IntrospectionPolicy.self,
      "{ url: 'https://id.example/i', client-id: g, client-secret: s, audience: a, "
        + "consumers-only: true }")
    let mtls = made(MTLSPolicy.self, "{ consumers-only: true }")
    let peer = PeerCertificate(
      fingerprint: [UInt8](repeating: 1, count: 32), subject: "CN=shop", issuer: "CN=CA",
      commonName: "shop", dnsNames: [], uris: [], emails: [])
    let claims = #"{"iss":"i","aud":"a","sub":"shop","exp":2000}"#
    let token = try SignatureWriter(
      JSONWebKey(.secret(SymmetricKey(StoredConsumerTests.secret))), .hs256
    ).sign(Array(claims.utf8))
    let active = #"{"active":true,"aud":"a","sub":"shop","exp":2000}"#
    return [
      Way(
        name: "basic", policy: basic, exchange: { exchange("Basic " + encoded("carol:pw")) },
        answer: .failed("worked out")),
      Way(
        name: "ldap", policy: ldap, exchange: { exchange("Basic " + encoded("shop:pw")) },
        answer: .value(DirectoryAnswer.right(entry: "uid=shop", groups: ["staff"]))),
      Way(
        name: "jwt", policy: jwt, exchange: { exchange("Bearer \(token)") },
        answer: .failed("never asked")),
      Way(
        name: "introspection", policy: introspection, exchange: { exchange("Bearer opaque") },
        answer: .response(NeedResponse(status: 200, fields: [], body: Array(active.utf8)))),
      Way(
        name: "mtls", policy: mtls,
        exchange: {
          let exchange = PolicyBench.exchange()
          exchange.peer = peer
          return exchange
        }, answer: .failed("never asked")),
    ]
  }

  /// What a policy says of its credential with this store, and whether it had to ask.
  private func decide(
    _ way: Way, _ live: LiveDirectory?
  ) throws -> (problem: Problem?, consumer: Consumer?, hasAsked: Bool) {
    let exchange = try way.exchange()
    exchange.wallMilliseconds = 1_000_000
    exchange.live = live
    var verdict = exchange.reviewed(by: way.policy)
    var hasAsked = false
    if case .wait(let need) = verdict {
      hasAsked = true
      if case .computation(let work) = need.work {
        need.settle(.value(work()))
      } else {
        need.settle(way.answer)
      }
      exchange.needs.append(need)
      verdict = exchange.reviewed(by: way.policy)
    }
    return (PolicyBench.problem(verdict), exchange.consumer, hasAsked)
  }

  @Test func `A consumer of the store is known by each way, and never by name alone`() throws {
    for way in try ways() {
      #expect(try decide(way, nil).problem == .credentialsInvalid, "\(way.name)")
      let other = PolicyBench.live([PolicyBench.stored("till")])
      #expect(try decide(way, other).problem == .credentialsInvalid, "\(way.name)")
      let live = PolicyBench.live([PolicyBench.stored("shop", roles: ["buyer"])])
      let known = try decide(way, live)
      #expect(known.problem == nil, "\(way.name)")
      #expect(known.consumer?.name == "shop")
      #expect(known.consumer?.roles == ["buyer"])
      #expect(known.consumer?.isStored == true)
    }
  }

  // A credential may be remembered for a minute; what the store says of its owner may not.
  @Test func `What is remembered of a credential ends with its consumer`() throws {
    for way in try ways() {
      let good = PolicyBench.live([PolicyBench.stored("shop")])
      #expect(try decide(way, good).problem == nil, "\(way.name)")
      #expect(try !decide(way, good).hasAsked, "\(way.name)")
      let changed = PolicyBench.live([PolicyBench.stored("shop", roles: ["buyer"])])
      for _ in 0..<2 {
        let again = try decide(way, changed)
        #expect(again.problem == nil, "\(way.name)")
        #expect(again.consumer?.roles == ["buyer"], "\(way.name)")
        // Neither a hash nor a request: only whose it is has changed.
        #expect(!again.hasAsked, "\(way.name)")
      }
      let disabled = PolicyBench.live([PolicyBench.stored("shop", isDisabled: true)])
      #expect(try decide(way, disabled).problem == .credentialsInvalid, "\(way.name)")
      #expect(try decide(way, PolicyBench.live([])).problem == .credentialsInvalid, "\(way.name)")
      #expect(try decide(way, good).problem == nil, "\(way.name)")
    }
  }

  // A name that both have is the file's: the store cannot take it over.
  @Test func `A consumer of the configuration goes before one of the store`() throws {
    let policy = made(MTLSPolicy.self, "{ consumers-only: true }")
    for (name, problem) in [("alice", nil), ("bob", Problem.credentialsInvalid)] {
      let exchange = PolicyBench.exchange()
      exchange.peer = PeerCertificate(
        fingerprint: [UInt8](repeating: name.utf8.first ?? 0, count: 32), subject: "CN=\(name)",
        issuer: "CN=CA",
        commonName: name, dnsNames: [], uris: [], emails: [])
      exchange.live = PolicyBench.live([PolicyBench.stored(name, roles: ["root"])])
      #expect(PolicyBench.problem(policy.review(exchange)) == problem)
      #expect(exchange.consumer?.roles.contains("root") != true)
    }
  }

  @Test func `Keys for signatures may be those of a consumer of the store`() throws {
    let yaml = "keys: [{ id: k, secret: 'a secret of more than thirty two bytes', consumer: shop }]"
    let (policy, report) = PolicyBench.make(HMACPolicy.self, yaml, hasStore: true)
    #expect(report == "")
    let secret = Array("a secret of more than thirty two bytes".utf8)
    let date = "Thu, 01 Jan 1970 00:16:40 GMT"
    func review(_ live: LiveDirectory, _ path: String) throws -> Problem? {
      let text = "(request-target): get \(path)\ndate: \(date)"
      let code = try MessageAuthenticator(SymmetricKey(secret), .sha256).code(text.utf8.span)
      let value =
        "Signature keyId=\"k\",algorithm=\"hmac-sha256\",headers=\"(request-target) date\","
        + "signature=\"\(Base64.encode(code.span, .standard))\""
      let exchange = PolicyBench.exchange([("authorization", value), ("date", date)])
      exchange.request.methodText = exchange.request.fields.store("GET")
      exchange.request.path = exchange.request.fields.store(path.utf8.span)
      exchange.wallMilliseconds = 1_000_000
      exchange.live = live
      return PolicyBench.problem(policy.review(exchange))
    }
    #expect(try review(PolicyBench.live([PolicyBench.stored("shop")]), "/a") == nil)
    #expect(try review(PolicyBench.live([]), "/b") == .credentialsInvalid)
    let disabled = PolicyBench.live([PolicyBench.stored("shop", isDisabled: true)])
    #expect(try review(disabled, "/c") == .credentialsInvalid)
    let unknown = PolicyBench.make(HMACPolicy.self, yaml).report
    #expect(unknown.contains("'consumer' is 'shop'"))
  }
}
