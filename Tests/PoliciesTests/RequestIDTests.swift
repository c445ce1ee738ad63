import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct RequestIDTests {
  @Test func `A request gets a new name unless the client is trusted`() {
    let (policy, _) = PolicyBench.make(RequestIDPolicy.self, "{}")
    let exchange = PolicyBench.exchange([("x-request-id", "mine")])
    _ = policy.review(exchange)
    let given = PolicyBench.value(exchange.request.fields, "x-request-id") ?? ""
    #expect(given.count == 32)
    #expect(PolicyBench.value(exchange.replyFields, "x-request-id") == given)
    let (trusting, _) = PolicyBench.make(RequestIDPolicy.self, "{ trust: true }")
    let kept = PolicyBench.exchange([("x-request-id", "mine")])
    _ = trusting.review(kept)
    #expect(PolicyBench.value(kept.replyFields, "x-request-id") == "mine")
  }
}
