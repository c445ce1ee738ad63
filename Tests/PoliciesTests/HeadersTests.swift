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
}
