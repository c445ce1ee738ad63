import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct HeadersTests {
  @Test func `Fields are set, added and removed`() {
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self,
      "{ request: { set: { x-caller: '{consumer}' }, remove: [x-debug] }, security: true }")
    #expect(report == "")
    let exchange = PolicyBench.exchange([("x-debug", "1"), ("x-caller", "mallory")], consumer: 0)
    _ = policy.review(exchange)
    #expect(PolicyBench.value(exchange.request.fields, "x-debug") == nil)
    #expect(PolicyBench.value(exchange.request.fields, "x-caller") == "alice")
    policy.reviewResponse(exchange)
    #expect(PolicyBench.value(exchange.response.fields, "x-frame-options") == "DENY")
  }

  @Test(arguments: ["content-length", "host", "x-consumer-id", "transfer-encoding", "bad name"])
  func `Fields of framing, routing and identity cannot be changed`(name: String) {
    let (_, report) = PolicyBench.make(
      HeadersPolicy.self, "{ request: { set: { '\(name)': x } } }")
    #expect(report.contains("cannot be changed"))
  }

  @Test func `A value captures what the request holds`() {
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self,
      "{ request: { set: { x-seen: '{method} {path}?{query} by {consumer}@{client-address} {{}}' } } }"
    )
    #expect(report == "")
    let exchange = PolicyBench.exchange([], consumer: 0)
    exchange.request.methodText = exchange.request.fields.store("GET")
    exchange.request.path = exchange.request.fields.store("/a/b")
    exchange.request.query = exchange.request.fields.store("c=d")
    _ = policy.review(exchange)
    #expect(
      PolicyBench.value(exchange.request.fields, "x-seen") == "GET /a/b?c=d by alice@192.0.2.1 {}")
  }

  @Test func `No capture can begin another line`() {
    let (policy, _) = PolicyBench.make(
      HeadersPolicy.self, "{ response: { add: { x-path: '{path}' } } }")
    let exchange = PolicyBench.exchange()
    exchange.request.path = exchange.request.fields.store("/a\r\nset-cookie: b")
    policy.reviewResponse(exchange)
    #expect(PolicyBench.value(exchange.response.fields, "x-path") == "/a??set-cookie: b")
  }

  @Test(arguments: [
    ("{consumr}", "did you mean '{consumer}'?"), ("{", "single brace"), ("a}", "single brace"),
    ("{zzz}", "one of consumer, client-address"),
  ])
  func `A capture that is none is an error`(value: String, message: String) {
    let (_, report) = PolicyBench.make(
      HeadersPolicy.self, "{ request: { set: { x-a: '\(value)' } } }")
    #expect(report.contains(message))
  }
}
