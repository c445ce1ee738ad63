import Control
import Foundation
import HTTP
import Testing

@Suite struct AdminServiceTests {
  private func respond(
    _ path: String, method: String = "GET", hosts: [String] = ["localhost:9901"],
    isReady: Bool = true
  ) -> ServiceResponse {
    let service = AdminService(isReady: { isReady }, metrics: { Array("up 1\n".utf8) })
    return service.respond(
      to: ServiceRequest(
        method: method, path: path, query: "",
        fields: hosts.map { (name: "host", value: $0) } + [(name: "accept", value: "*/*")],
        body: []))
  }

  private func field(_ response: ServiceResponse, _ name: String) -> String? {
    response.fields.first { $0.name == name }?.value
  }

  // ADM-09.
  @Test func `An address that asks too often has to wait, and others do not`() {
    var rules = AdminRules()
    rules.requestsPerAddressMax = 2
    let service = AdminService(
      isReady: { true }, metrics: { Array("up 1\n".utf8) }, rules: { [rules] in rules })
    func statuses(_ path: String, _ client: String, _ count: Int) -> [Int] {
      (0..<count).compactMap { _ in
        service.begin(
          ServiceRequest(
            method: "GET", path: path, query: "", fields: [(name: "host", value: "localhost")],
            body: [], client: client), reply: { _ in })?.status
      }
    }
    let flood = statuses("/metrics", "192.0.2.1", 40)
    #expect(flood.prefix(10).allSatisfy { $0 == 200 })
    #expect(flood.last == 429)
    #expect(statuses("/metrics", "192.0.2.2", 1) == [200])
    // One host has a /64 of addresses.
    _ = statuses("/metrics", "2001:db8::1", 40)
    #expect(statuses("/metrics", "2001:db8::2", 1) == [429])
    // Health is told to all.
    #expect(statuses("/healthz", "192.0.2.1", 1) == [200])
  }

  @Test func `The process is healthy as long as it answers`() {
    #expect(respond("/healthz").status == 200)
    #expect(respond("/healthz", isReady: false).status == 200)
  }

  @Test func `It is ready when it says so`() {
    #expect(respond("/readyz").status == 200)
    #expect(respond("/readyz", isReady: false).status == 503)
  }

  @Test func `Metrics come in the type that Prometheus asks for`() {
    let response = respond("/metrics")
    #expect(response.status == 200)
    #expect(response.body == Array("up 1\n".utf8))
    #expect(field(response, "content-type") == "text/plain; version=0.0.4; charset=utf-8")
    #expect(field(response, "cache-control") == "no-store")
  }

  @Test func `The index names each address`() throws {
    let response = respond("/")
    let index = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: String]
    #expect(Set(try #require(index).values) == ["/healthz", "/readyz", "/metrics"])
  }

  @Test(arguments: [
    "localhost", "localhost:80", "LocalHost:9901", "127.0.0.1", "127.0.0.1:65535", "[::1]",
    "[::1]:9901",
  ])
  func `A name of this machine is answered`(host: String) {
    #expect(respond("/healthz", hosts: [host]).status == 200)
  }

  // ADM-13.
  @Test(arguments: [
    "evil.test", "localhost.evil.test", "localhost:80.evil.test", "127.0.0.1.evil.test",
    "localhost@evil.test", "evil.test:9901", "::1", "[::1]x", "127.0.0.2", "", "localhost:x",
    "localhost:123456", "localhost ", "xlocalhost", "localhostx",
  ])
  func `Any other name is refused on every path`(host: String) {
    for path in ["/", "/healthz", "/readyz", "/metrics", "/none"] {
      let response = respond(path, hosts: [host])
      #expect(response.status == 421)
      #expect(!String(decoding: response.body, as: UTF8.self).contains("up 1"))
    }
  }

  @Test func `No name and two names are refused`() {
    #expect(respond("/metrics", hosts: []).status == 421)
    #expect(respond("/metrics", hosts: ["localhost", "evil.test"]).status == 421)
  }

  // ADM-14.
  @Test func `An unknown path is a problem document`() throws {
    for path in ["/none", "/healthz/", "/Metrics", "", "*", "//metrics"] {
      let response = respond(path)
      #expect(response.status == 404)
      #expect(field(response, "content-type") == "application/problem+json")
      let body = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
      #expect(body?["status"] as? Int == 404)
      #expect(body?["type"] as? String == "urn:gatehouse:problem:not-found")
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""])
  func `Another method is refused and told which are allowed`(method: String) {
    let response = respond("/metrics", method: method)
    #expect(response.status == 405)
    #expect(field(response, "allow") == "GET, HEAD")
  }

  @Test func `HEAD is answered as GET is`() {
    for path in ["/", "/healthz", "/readyz", "/metrics"] {
      let (head, get) = (respond(path, method: "HEAD"), respond(path))
      #expect(head.status == get.status)
      #expect(head.body == get.body)
    }
  }
}
