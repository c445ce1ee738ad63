import Base
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct ConcurrencyLimitTests {
  private func passes(_ policy: ConcurrencyLimitPolicy, _ exchange: BenchExchange) -> Bool {
    if case .proceed = policy.review(exchange) { return true }
    return false
  }

  /// RTL-16: whatever ends an exchange gives its place back.
  @Test func `So many of a caller are under way at once, and each end makes room`() {
    let (policy, report) = PolicyBench.make(ConcurrencyLimitPolicy.self, "{ limit: 2, by: ip }")
    #expect(report == "")
    let (first, second) = (PolicyBench.exchange(), PolicyBench.exchange())
    #expect(passes(policy, first) && passes(policy, second))
    guard case .deny(let denial) = policy.review(PolicyBench.exchange()) else {
      Issue.record("a third passed")
      return
    }
    // RTL-13: it is the caller who has too many.
    #expect(denial.problem == .rateLimited && denial.retryAfterSeconds == 1)
    #expect(passes(policy, PolicyBench.exchange(client: "192.0.2.9")))
    first.over()
    first.over()
    #expect(passes(policy, PolicyBench.exchange()))
    #expect(!passes(policy, PolicyBench.exchange()))
  }

  @Test func `A reload keeps who is under way`() {
    let retained = RetainedState()
    let (before, _) = PolicyBench.make(
      ConcurrencyLimitPolicy.self, "{ limit: 1, by: ip }", retained: retained)
    let exchange = PolicyBench.exchange()
    #expect(passes(before, exchange))
    let (after, _) = PolicyBench.make(
      ConcurrencyLimitPolicy.self, "{ limit: 1, by: ip }", retained: retained)
    #expect(!passes(after, PolicyBench.exchange()))
    exchange.over()
    #expect(passes(after, PolicyBench.exchange()))
  }

  @Test func `The table holds none who has nothing under way`() {
    let table = UnderwayTable()
    for number in 0..<1000 {
      let key = UsageKey(high: UInt64(number), low: 1)
      #expect(table.enter(key, limit: 1))
      #expect(!table.enter(key, limit: 1))
      table.release(key)
      table.release(key)
    }
    #expect(table.callerCount == 0)
  }

  @Test(arguments: ["{}", "{ limit: 0 }", "{ limit: 5, by: moon }"])
  func `What is no limit is reported`(yaml: String) {
    #expect(PolicyBench.make(ConcurrencyLimitPolicy.self, yaml).report != "")
  }
}
