import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct CORSTests {
  private let yaml = "{ origins: ['https://a.example'], credentials: true }"

  // NRM-19.
  @Test func `A known origin is allowed and others are not`() {
    let (policy, report) = PolicyBench.make(CORSPolicy.self, yaml)
    #expect(report == "")
    let known = PolicyBench.exchange([("origin", "https://a.example")])
    _ = policy.review(known)
    let allowed = PolicyBench.value(known.replyFields, "access-control-allow-origin")
    #expect(allowed == "https://a.example")
    for origin in ["https://a.example.evil.test", "null", "https://A.example"] {
      let other = PolicyBench.exchange([("origin", origin)])
      #expect(PolicyBench.problem(policy.review(other)) == nil)
      let none = PolicyBench.value(other.replyFields, "access-control-allow-origin")
      #expect(none == nil)
      #expect(PolicyBench.value(other.replyFields, "vary") == "origin")
    }
  }

  @Test func `A preflight is answered, and refused from elsewhere`() {
    let (policy, _) = PolicyBench.make(CORSPolicy.self, yaml)
    let asks = ("access-control-request-method", "PUT")
    let known = PolicyBench.exchange([("origin", "https://a.example"), asks], method: .options)
    guard case .answer(204) = policy.review(known) else {
      Issue.record("the preflight was not answered")
      return
    }
    let other = PolicyBench.exchange([("origin", "https://b.example"), asks], method: .options)
    #expect(PolicyBench.problem(policy.review(other)) == .originDenied)
  }

  // NRM-19.
  @Test(arguments: ["{ origins: ['*'], credentials: true }", "{ origins: ['null'] }", "{}"])
  func `What would open the API is reported`(yaml: String) {
    #expect(PolicyBench.make(CORSPolicy.self, yaml).report != "")
  }
}
