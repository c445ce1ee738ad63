import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct AuthorizerTests {
  private func make(_ yaml: String) -> AuthorizerPolicy {
    let route = PolicyRoute(name: "orders", service: "test", templates: ["/orders/{order}"])
    let (policy, _) = PolicyBench.make(AuthorizerPolicy.self, yaml, routes: [route])
    return policy
  }

  private func exchange(_ fields: [(String, String)] = [], consumer: Int? = 0) -> BenchExchange {
    let exchange = PolicyBench.exchange(fields, consumer: consumer)
    exchange.route = 0
    exchange.request.methodText = exchange.request.fields.store("POST")
    exchange.request.host = exchange.request.fields.store("api.test")
    exchange.request.path = exchange.request.fields.store("/orders/a%22b")
    exchange.request.query = exchange.request.fields.store("x=1&x=2&y=%0a")
    exchange.request.hasQuery = true
    return exchange
  }

  private func decide(
    _ policy: AuthorizerPolicy, _ exchange: BenchExchange, _ status: Int, _ answer: String = "",
    fields: [(name: String, value: String)] = []
  ) -> (verdict: Verdict, asked: NeedRequest?) {
    let verdict = policy.review(exchange)
    guard case .wait(let need) = verdict, case .request(_, let make) = need.work else {
      return (verdict, nil)
    }
    need.settle(.response(NeedResponse(status: status, fields: fields, body: Array(answer.utf8))))
    exchange.needs.append(need)
    return (policy.review(exchange), make())
  }

  private func problem(_ verdict: Verdict) -> Problem? { PolicyBench.problem(verdict) }

  // The HTTP form of Envoy's external authorization.
  @Test func `A service is asked with the request's own method and path`() throws {
    let policy = make("{ url: 'http://127.0.0.1:9191/check', upstream-headers: [X-Auth-User] }")
    let asking = exchange([("authorization", "Bearer t"), ("cookie", "c"), ("x-auth-user", "me")])
    let answer = [(name: "x-auth-user", value: "carol"), (name: "x-other", value: "1")]
    let (verdict, asked) = decide(policy, asking, 200, fields: answer)
    #expect(problem(verdict) == nil)
    let request = try #require(asked)
    #expect(request.method == "POST")
    #expect(request.url == "http://127.0.0.1:9191/check/orders/a%22b?x=1&x=2&y=%0a")
    #expect(request.fields.contains { $0 == ("authorization", "Bearer t") })
    #expect(!request.fields.contains { $0.name == "cookie" })
    #expect(request.fields.contains { $0 == ("x-consumer-id", "alice") })
    #expect(PolicyBench.value(asking.request.fields, "x-auth-user") == "carol")
    #expect(asking.request.fields.count(named: "x-auth-user".utf8.span) == 1)
    #expect(PolicyBench.value(asking.request.fields, "x-other") == nil)
  }

  @Test func `Anything but 200 refuses, and what failed decides nothing`() {
    let policy = make("{ url: 'http://127.0.0.1:9191', client-headers: [location] }")
    #expect(problem(decide(policy, exchange(), 401).0) == .credentialsRequired)
    for status in [201, 204, 302, 400, 403, 404] {
      #expect(problem(decide(policy, exchange(), status).0) == .accessDenied)
    }
    for status in [500, 503] {
      #expect(problem(decide(policy, exchange(), status).0) == .upstreamUnavailable)
    }
    let sent = decide(
      policy, exchange(), 302, fields: [(name: "location", value: "https://login.example/")])
    guard case .answer(302) = sent.verdict else {
      Issue.record("no redirect")
      return
    }
    let split = decide(
      policy, exchange(), 302, fields: [(name: "location", value: "https://x/\r\nx: y")])
    #expect(problem(split.verdict) == .accessDenied)
  }

  // The REST API of Open Policy Agent.
  @Test func `An agent is told the request and who calls, as one input`() throws {
    let policy = make(
      "{ type: opa, url: 'http://127.0.0.1:8181/v1/data/http/allow', headers: [X-A] }")
    let asking = exchange([("x-a", "quo\"te"), ("authorization", "secret")])
    let (verdict, asked) = decide(policy, asking, 200, #"{"result":true}"#)
    #expect(problem(verdict) == nil)
    let body = try #require(asked?.body)
    let input = try #require(try JSONIndex(body).root["input"])
    #expect(input["method"]?.string == "POST")
    #expect(input["path"]?.string == "/orders/a%22b")
    #expect(input["params"]?["order"]?.string == "a\"b")
    #expect(input["query"]?["x"]?.elements.map { $0.string } == ["1", "2"])
    #expect(input["query"]?["y"]?.elements.first?.string == "\n")
    #expect(input["headers"]?["x-a"]?.string == "quo\"te")
    #expect(input["identity"]?["name"]?.string == "alice")
    #expect(input["identity"]?["roles"]?.elements.first?.string == "reader")
    #expect(input["route"]?.string == "orders")
    #expect(!String(decoding: body, as: UTF8.self).contains("secret"))
  }

  @Test(
    arguments: [
      (#"{"result":true}"#, nil), (#"{"result":{"allow":true}}"#, nil),
      (#"{"result":false}"#, Problem.accessDenied), ("{}", .accessDenied),
      (#"{"result":"true"}"#, .accessDenied), (#"{"result":{"allow":1}}"#, .accessDenied),
      (#"{"result":{"allow":false,"reason":"not yours"}}"#, .accessDenied),
      ("[true]", .upstreamUnavailable), ("", .upstreamUnavailable),
      (#"{"result":true,"result":false}"#, .upstreamUnavailable),
    ] as [(String, Problem?)])
  func `Only what says so in so many words allows`(answer: String, wanted: Problem?) {
    let policy = make("{ type: opa, url: 'http://127.0.0.1:8181/v1/data/x' }")
    let asking = exchange()
    #expect(problem(decide(policy, asking, 200, answer).0) == wanted)
    if answer.contains("reason") { #expect(asking.detail == "not yours") }
  }

  @Test func `Without a decision nobody passes, unless that is written`() {
    for (more, wanted) in [("", Problem.upstreamUnavailable), (", on-failure: open", nil)] {
      let policy = make("{ type: opa, url: 'http://127.0.0.1:8181/v1/data/x'\(more) }")
      let asking = exchange()
      #expect(problem(decide(policy, asking, 500).0) == wanted)
      if wanted == nil { #expect(asking.detail.contains("let through")) }
    }
    let report = PolicyBench.make(
      AuthorizerPolicy.self, "{ url: 'http://127.0.0.1:1', on-failure: open }"
    ).report
    #expect(report.contains("everybody may do everything"))
  }

  @Test func `A decision holds for equal requests alone, and for its time`() {
    let policy = make("{ type: opa, url: 'http://127.0.0.1:8181/v1/data/x', cache: 10s }")
    let first = exchange()
    first.wallMilliseconds = 1000
    #expect(problem(decide(policy, first, 200, #"{"result":true}"#).0) == nil)
    let same = exchange()
    same.wallMilliseconds = 10_999
    #expect(problem(policy.review(same)) == nil)
    guard case .proceed = policy.review(same) else {
      Issue.record("asked again")
      return
    }
    let others = [exchange(consumer: 1), exchange(consumer: nil), exchange()]
    others[2].wallMilliseconds = 11_000
    for other in others {
      guard case .wait = policy.review(other) else {
        Issue.record("another's decision was taken")
        return
      }
    }
  }

  @Test(arguments: [
    ("{ url: 'http://10.0.0.1/' }", "an https URL"), ("{}", "'url' is missing"),
    ("{ url: 'https://x/', headers: [Host] }", "a field that may be passed on"),
    ("{ url: 'https://x/', upstream-headers: [Content-Length] }", "a field that may be passed on"),
    ("{ type: opa, url: 'https://x/', client-headers: [a] }", "is for 'type: http'"),
  ])
  func `Settings that make no sense are refused`(yaml: String, wanted: String) {
    let report = PolicyBench.make(AuthorizerPolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
  }
}
