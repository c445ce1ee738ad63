import PolicyKit
import Testing

@testable import Policies

@Suite struct IPFilterTests {
  private func passes(_ yaml: String, _ client: String) -> Bool {
    let (policy, _) = PolicyBench.make(IPFilterPolicy.self, yaml)
    return PolicyBench.problem(policy.review(PolicyBench.exchange(client: client))) == nil
  }

  @Test func `Deny wins over allow, and allow keeps all others out`() {
    let yaml = "{ allow: [10.0.0.0/8], deny: [10.1.2.3] }"
    #expect(passes(yaml, "10.1.2.4"))
    #expect(!passes(yaml, "10.1.2.3"))
    #expect(!passes(yaml, "::ffff:10.1.2.3"))
    #expect(!passes(yaml, "192.0.2.1"))
    #expect(passes("{ deny: [10.1.2.3] }", "192.0.2.1"))
  }
}
