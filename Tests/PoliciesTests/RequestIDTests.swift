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

  // LOG-02: a trusted client's name is no way into logs or other fields.
  @Test(arguments: [
    ("a-B9._~+/=:@", true), (String(repeating: "a", count: 128), true),
    (String(repeating: "a", count: 129), false), ("a b", false), ("a\"b", false), ("<a>", false),
    ("a,b", false), ("a;b", false), ("\u{e4}", false), ("", false),
  ])
  func `A trusted name is kept if it is one`(name: String, isKept: Bool) {
    let (policy, _) = PolicyBench.make(RequestIDPolicy.self, "{ trust: true }")
    let exchange = PolicyBench.exchange([("x-request-id", name)])
    _ = policy.review(exchange)
    let given = PolicyBench.value(exchange.replyFields, "x-request-id")
    #expect((given == name) == isKept)
    if !isKept { #expect(given?.count == 32) }
  }
}
