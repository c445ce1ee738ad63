import Foundation
import Glibc
import Testing

/// Which host a request is for, however it is written.
@Suite(.serialized) struct HostTests {
  // NRM-17.
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

  // TLS-13, NRM-17, NRM-18.
  @Test func `A listener in clear text sends clients to TLS, and serves nobody`() throws {
    let upstream = try ScriptedUpstream([:])
    let services = """
        - name: named
          upstreams: [http://127.0.0.1:\(upstream.port)]
          public: true
          routes: [{ hosts: [api.test, "*.shops.test"] }, { paths: [/any] }]
      """
    let gateway = try RunningGateway(
      services: services, listener: "    redirect-to: https://API.test:8443")
    func answer(
      _ method: String, _ target: String, _ fields: [String] = [], host: String = "api.test"
    ) throws -> Answer {
      try gateway.client().request(method, target, fields, host: host)
    }
    let plain = try answer("GET", "/a/%7eb?token=s&x=1")
    #expect(plain.status == 308)
    #expect(plain.fields["location"] == "https://api.test:8443/a/~b?token=s&x=1")
    #expect(plain.body.isEmpty)
    #expect(try answer("HEAD", "/").fields["location"] == "https://api.test:8443/")
    let named = try answer("GET", "/x", host: "one.shops.test:80")
    #expect(named.fields["location"] == "https://one.shops.test:8443/x")
    for host in ["evil.test", "api.test.evil.test", "shops.test"] {
      let strange = try answer("GET", "/any", host: host)
      #expect(strange.fields["location"] == "https://api.test:8443/any", "\(host)")
    }
    // A line end in the path, encoded or decoded twice, ends no field.
    #expect(
      try answer("GET", "/%0d%0aSet-Cookie:a=b").fields["location"]
        == "https://api.test:8443/%0D%0ASet-Cookie:a=b")
    for (method, fields) in [
      ("POST", ["Content-Length: 0"]), ("DELETE", []), ("GET", ["Authorization: Bearer x"]),
    ] {
      let refused = try answer(method, "/a", fields)
      #expect(refused.status == 403)
      #expect(refused.problem == "tls-required")
      #expect(refused.fields["location"] == nil)
    }
    #expect(upstream.visits.isEmpty)
    try Waiting.until("the log") { gateway.accessLog.count >= 10 }
    #expect(!gateway.text(of: "access.log").contains("token=s"))
  }
}
