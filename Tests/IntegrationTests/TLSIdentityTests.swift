import Foundation
import Glibc
import Testing

/// Which connection is good for which host, and whose certificate is good at all.
@Suite(.serialized) struct TLSIdentityTests {
  private func listener(_ authority: TestAuthority, _ names: [String], _ more: String = "")
    -> String
  {
    let certificates = names.map {
      "{ certificate: \(authority.path("\($0).pem")), key: \(authority.path("\($0).key")) }"
    }
    return """
          tls:
            certificates: [\(certificates.joined(separator: ", "))]
      \(more)
      """
  }

  private func asking(_ authority: TestAuthority, _ more: String = "") -> String {
    """
          client-certificates: required
          client-authority: \(authority.path("ca.pem"))
    \(more)
    """
  }

  // TLS-05.
  @Test func `A host with another certificate is not served on this connection`() throws {
    let authority = try TestAuthority()
    for name in ["a.test", "b.test"] { try authority.issue(name) }
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: listener(authority, ["a.test", "b.test"]))
    #expect(try authority.fetch("a.test", port: gateway.port).status == 200)
    #expect(try authority.fetch("b.test", port: gateway.port).status == 200)
    try Waiting.until("the log") { gateway.accessLog.count == 2 }
    #expect(gateway.accessLog.allSatisfy { $0.contains(",\"ja4\":\"t13d") })
    let other = try authority.fetch("a.test", port: gateway.port, ["-H", "Host: b.test"])
    #expect(other.status == 421)
    #expect(other.output.contains("urn:gatehouse:problem:misdirected-request"))
    // RFC 9110 §7.4: what is meant for clear text is not for this connection.
    let clear = try authority.fetch(
      "a.test", port: gateway.port, ["--request-target", "http://a.test/"])
    #expect(clear.status == 421)
    #expect(
      try authority.fetch("a.test", port: gateway.port, ["--request-target", "https://a.test/"])
        .status == 200)
    // A name that no certificate bears is served by the first one, as its own connection would be.
    let stray = try authority.fetch("a.test", port: gateway.port, ["-H", "Host: c.test"])
    #expect(stray.status == 200)
  }

  @Test func `Where clients show certificates, a connection is for its own name alone`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    try authority.issue("worker", forClients: true)
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      listener: listener(authority, ["a.test"], asking(authority)))
    let identity = ["--cert", "worker.pem", "--key", "worker.key"]
    #expect(try authority.fetch("a.test", port: gateway.port, identity).status == 200)
    #expect(
      try authority.fetch("a.test", port: gateway.port, identity + ["-H", "Host: c.test"]).status
        == 421)
    #expect(try authority.fetch("a.test", port: gateway.port).status == 0)
  }

  @Test func `A revoked certificate is refused once its list is loaded`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    for name in ["good", "stolen"] { try authority.issue(name, forClients: true) }
    try authority.publish()
    let list = asking(authority, "      client-crl: \(authority.path("crl.pem"))")
    let upstream = try TestUpstream()
    let services = Services.open(upstream.port)
    let tls = listener(authority, ["a.test"], list)
    let gateway = try RunningGateway(services: services, listener: tls)
    func status(_ name: String) throws -> Int {
      try authority.fetch(
        "a.test", port: gateway.port, ["--cert", "\(name).pem", "--key", "\(name).key"]
      ).status
    }
    #expect(try status("good") == 200)
    #expect(try status("stolen") == 200)
    // A session from before the list must not be a way around it.
    try authority.openssl(
      "s_client -connect 127.0.0.1:\(gateway.port) -servername a.test -CAfile ca.pem -cert "
        + "stolen.pem -key stolen.key -sess_out session.pem -tls1_2")
    try authority.revoke("stolen")
    try authority.publish()
    gateway.signal(SIGHUP)
    try Waiting.until("the list") { (try? status("stolen")) == 0 }
    #expect(try status("good") == 200)
    #expect(throws: AuthorityError.self) {
      try authority.openssl(
        "s_client -connect 127.0.0.1:\(gateway.port) -servername a.test -CAfile ca.pem -cert "
          + "stolen.pem -key stolen.key -sess_in session.pem -tls1_2")
    }
    try Waiting.until("the log") { gateway.accessLog.contains { $0.contains("revoked") } }
  }

  // TLS-06.
  @Test func `A connection ends when its certificate is revoked, and others stay`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    try authority.issue("worker", forClients: true)
    try authority.publish()
    let list = asking(authority, "      client-crl: \(authority.path("crl.pem"))")
    let upstream = try TestUpstream()
    let services = Services.open(upstream.port)
    let tls = listener(authority, ["a.test"], list)
    let gateway = try RunningGateway(services: services, listener: tls, workers: 1)
    let client = try SecureClient(
      authority, "a.test", port: gateway.port, ["-cert", "worker.pem", "-key", "worker.key"])
    func ask(_ path: String) throws -> Bool {
      try client.send("GET \(path) HTTP/1.1\r\nHost: a.test\r\n\r\n")
      return client.awaits("get \(path) ")
    }
    #expect(try ask("/one"))
    // A reload that changes nothing about clients leaves their connections alone.
    gateway.signal(SIGHUP)
    try Waiting.until("the reload") { gateway.messages.contains("configuration reloaded") }
    #expect(try ask("/two"))
    try authority.revoke("worker")
    try authority.publish()
    gateway.signal(SIGHUP)
    try Waiting.until("the end of the connection") { client.hasEnded }
  }

  // DOS-15.
  @Test func `An address begins so many handshakes and no more, a trusted hop any number`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    let upstream = try TestUpstream()
    let services = Services.open(upstream.port)
    let tls = listener(authority, ["a.test"])
    let gateway = try RunningGateway(
      services: services, listener: tls, rest: "limits: { handshakes-per-address: 1 }", workers: 1)
    func status() throws -> Int { try authority.fetch("a.test", port: gateway.port).status }
    for _ in 0..<5 { #expect(try status() == 200) }
    // One more is due each second, so that of three in a row some are refused.
    #expect(try [status(), status(), status(), status()].contains(0))
    try Waiting.until("the next one's turn") { (try? status()) == 200 }
    #expect(
      try gateway.metric(
        "gatehouse_connections_refused_total{cause=\"handshake-rate\"}") ?? 0 > 0)
    #expect(gateway.messages.contains("too many handshakes of one address"))
    try gateway.write(
      services: services, listener: "    trusted-hops: [127.0.0.1]\n" + tls,
      rest: "limits: { handshakes-per-address: 1 }")
    gateway.signal(SIGHUP)
    try Waiting.until("the reload") { gateway.messages.contains("configuration reloaded") }
    for _ in 0..<12 { #expect(try status() == 200) }
  }

  @Test func `A check warns of lists that no authority made, and of authorities without`() throws {
    let (authority, stranger) = (try TestAuthority(), try TestAuthority())
    try authority.issue("a.test")
    try stranger.publish()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      listener: listener(
        authority, ["a.test"],
        asking(authority, "      client-crl: \(stranger.path("crl.pem"))")))
    #expect(gateway.messages.contains("is by no authority of 'client-authority'"))
    #expect(gateway.messages.contains("its clients are refused"))
  }

  // JWT-21: who calls is who showed the certificate, and nobody who only says so.
  @Test func `A certificate names the caller, and no field can stand for one`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    try authority.issue("worker", forClients: true)
    let upstream = try TestUpstream()
    let asking = asking(authority).replacing("required", with: "optional")
    let gateway = try RunningGateway(
      services: """
          - name: known
            upstreams: [http://127.0.0.1:\(upstream.port)]
            policies: [mtls: { name: dns }]
        """, listener: listener(authority, ["a.test"], asking))
    let identity = ["--cert", "worker.pem", "--key", "worker.key"]
    let answer = try authority.fetch("a.test", port: gateway.port, identity)
    #expect(answer.status == 200)
    #expect(answer.output.contains("x-consumer-id: worker"))
    let none = try authority.fetch(
      "a.test", port: gateway.port,
      ["-H", "X-Consumer-Id: worker", "-H", "X-SSL-Client-DN: CN=worker"])
    #expect(none.status == 401)
    #expect(none.output.contains("credentials-required"))
  }
}
