import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct AccessTests {
  private func problem(_ yaml: String, _ consumer: Int?) -> String {
    let (policy, _) = PolicyBench.make(AccessPolicy.self, yaml)
    let found = PolicyBench.problem(policy.review(PolicyBench.exchange(consumer: consumer)))
    return found.map { "\($0.code)" } ?? "passes"
  }

  @Test func `Only callers of the roles, groups and names pass`() {
    #expect(problem("{ roles: [reader] }", 0) == "passes")
    #expect(problem("{ roles: [reader] }", 1) == "access-denied")
    #expect(problem("{ roles: [reader] }", nil) == "credentials-required")
    #expect(problem("{ roles: [reader], groups: [none] }", 0) == "access-denied")
    #expect(problem("{ groups: [staff] }", 0) == "passes")
    #expect(problem("{ consumers: [bob] }", 0) == "access-denied")
  }

  @Test func `A list of nobody is reported`() {
    #expect(PolicyBench.make(AccessPolicy.self, "{}").report.contains("names nobody"))
  }
}
