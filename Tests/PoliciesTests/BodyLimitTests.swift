import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct BodyLimitTests {
  @Test func `A length over the limit is refused, one at the limit is not`() {
    let (policy, report) = PolicyBench.make(BodyLimitPolicy.self, "{ size: 1KiB }")
    #expect(report == "")
    let exchange = PolicyBench.exchange()
    exchange.request.framing = .length(1024)
    #expect(PolicyBench.problem(policy.review(exchange)) == nil)
    exchange.request.framing = .length(1025)
    #expect(PolicyBench.problem(policy.review(exchange)) == .contentTooLarge)
    #expect(exchange.bodyBytesMax == 1024)
  }

  @Test func `A size has to be given`() {
    #expect(PolicyBench.make(BodyLimitPolicy.self, "{}").report != "")
  }
}
