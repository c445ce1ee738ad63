import Foundation
import Testing

/// Which host a request is for, however it is written.
@Suite(.serialized) struct HostTests {
  @Test func `A host is known by its one form, and a strange one by nobody`() throws {
    let upstream = try TestUpstream()
    let services = """
        - name: named
          upstreams: [http://127.0.0.1:\(upstream.port)]
          public: true
          host-header: preserve
          routes: [{ hosts: [api.test, "2001:db8::1", 192.0.2.1] }]
      """
    let gateway = try RunningGateway(services: services)
    func answer(_ host: String) throws -> Answer {
      try gateway.client().request("GET", "/", host: host)
    }
    for (host, known) in [
      ("API.Test", "api.test"), ("api.test.", "api.test"), ("api.test.:8080", "api.test:8080"),
      ("[2001:DB8:0:0::1]", "[2001:db8::1]"), ("[2001:db8::0.0.0.1]:1", "[2001:db8::1]:1"),
      ("192.0.2.1", "192.0.2.1"),
    ] {
      let body = try answer(host).body
      #expect(body.contains("\r\nhost: \(known)\r\n"), "\(host)")
      #expect(body.contains("\r\nx-forwarded-host: \(known)\r\n"), "\(host)")
    }
    for host in [
      "api.test.evil.test", "xapi.test", "192.0.2.01", "[::ffff:192.0.2.1]", "0xc0000201",
    ] {
      #expect(try answer(host).status == 404, "\(host)")
    }
    for host in ["%61pi.test", "api%2etest", "api.test..", "api..test", "[2001:db8::1%25lo]"] {
      #expect(try answer(host).status == 400, "\(host)")
    }
  }
}
