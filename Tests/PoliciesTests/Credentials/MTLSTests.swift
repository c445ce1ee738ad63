import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct MTLSTests {
  private func certificate(
    _ commonName: String?, fingerprint: UInt8 = 1, issuer: String = "CN=CA",
    uris: [String] = [], dns: [String] = []
  ) -> PeerCertificate {
    PeerCertificate(
      fingerprint: [UInt8](repeating: fingerprint, count: 32), subject: "CN=\(commonName ?? "")",
      issuer: issuer, commonName: commonName, dnsNames: dns, uris: uris, emails: [])
  }

  private func review(
    _ policy: MTLSPolicy, _ certificate: PeerCertificate?
  ) -> (problem: Problem?, consumer: Consumer?) {
    let exchange = PolicyBench.exchange()
    exchange.peer = certificate
    let problem = PolicyBench.problem(policy.review(exchange))
    return (problem, exchange.consumer)
  }

  @Test func `A certificate names the caller, and without one there is none`() {
    let (policy, report) = PolicyBench.make(MTLSPolicy.self, "{}")
    #expect(report == "")
    for _ in 0..<2 {
      let known = review(policy, certificate("carol"))
      #expect(known.problem == nil)
      #expect(known.consumer?.name == "carol")
      #expect(known.consumer?.index == -1)
    }
    #expect(review(policy, nil).problem == .credentialsRequired)
    #expect(review(policy, certificate(nil, fingerprint: 2)).problem == .credentialsInvalid)
    #expect(review(policy, certificate("a\r\nb", fingerprint: 3)).problem == .credentialsInvalid)
    #expect(review(policy, certificate(" a", fingerprint: 4)).problem == .credentialsInvalid)
  }

  @Test func `The name has to be the only one of its kind`() {
    let (policy, _) = PolicyBench.make(MTLSPolicy.self, "{ name: uri }")
    let one = certificate("x", fingerprint: 1, uris: ["spiffe://example/shop"])
    let two = certificate("x", fingerprint: 2, uris: ["spiffe://example/a", "spiffe://example/b"])
    let none = certificate("x", fingerprint: 3, dns: ["shop.example"])
    #expect(review(policy, one).consumer?.name == "spiffe://example/shop")
    #expect(review(policy, two).problem == .credentialsInvalid)
    #expect(review(policy, none).problem == .credentialsInvalid)
  }

  @Test func `It may have to be a consumer who is not disabled`() {
    let (policy, _) = PolicyBench.make(MTLSPolicy.self, "{ consumers-only: true }")
    #expect(review(policy, certificate("alice", fingerprint: 1)).consumer?.index == 0)
    #expect(review(policy, certificate("bob", fingerprint: 2)).problem == .credentialsInvalid)
    #expect(review(policy, certificate("carol", fingerprint: 3)).problem == .credentialsInvalid)
  }

  @Test func `Listed certificates are let in under the names they have there, and no others`() {
    let digits = String(repeating: "01", count: 32)
    let (policy, report) = PolicyBench.make(
      MTLSPolicy.self, "{ certificates: { 'sha256:\(digits)': alice }, consumers-only: true }")
    #expect(report == "")
    #expect(review(policy, certificate("zed", fingerprint: 1)).consumer?.name == "alice")
    #expect(review(policy, certificate("alice", fingerprint: 2)).problem == .credentialsInvalid)
    let wrong = PolicyBench.make(MTLSPolicy.self, "{ certificates: { 'sha256:01': alice } }")
    #expect(wrong.report.contains("64 hexadecimal digits"))
  }

  @Test func `Another authority's certificate is refused where one is named`() {
    let (policy, _) = PolicyBench.make(MTLSPolicy.self, "{ issuers: ['CN=CA'] }")
    #expect(review(policy, certificate("carol", fingerprint: 1)).problem == nil)
    let other = certificate("carol", fingerprint: 2, issuer: "CN=CA2")
    #expect(review(policy, other).problem == .credentialsInvalid)
  }
}
