import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct OIDCLogoutTests {
  @Test(arguments: [
    "", "logout_token=", "logout_token=x.y.z", "logout_token=a&logout_token=b", "{}",
    "logout_token=eyJhbGciOiJub25lIn0.e30.",
  ])
  func `What is no logout token ends nothing`(content: String) {
    let (policy, report) = PolicyBench.make(
      OIDCLogoutPolicy.self, "{ issuer: 'https://id.example', client-id: shop }")
    #expect(report == "")
    let exchange = PolicyBench.exchange(
      [("content-type", "application/x-www-form-urlencoded")], method: .post)
    #expect(PolicyBench.problem(exchange.inspected(content, by: policy)) == .validationFailed)
    #expect(PolicyBench.value(exchange.replyFields, "cache-control") == "no-store")
  }

  @Test func `Issuer and client have to be named`() {
    let report = PolicyBench.make(OIDCLogoutPolicy.self, "{}").report
    #expect(report.contains("'issuer' is missing") && report.contains("'client-id' is missing"))
  }
}
