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

  @Test func `A host with another certificate is not served on this connection`() throws {
    let authority = try TestAuthority()
    for name in ["a.test", "b.test"] { try authority.issue(name) }
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: listener(authority, ["a.test", "b.test"]))
    #expect(try authority.fetch("a.test", port: gateway.port).status == 200)
    #expect(try authority.fetch("b.test", port: gateway.port).status == 200)
    let other = try authority.fetch("a.test", port: gateway.port, ["-H", "Host: b.test"])
    #expect(other.status == 421)
    #expect(other.output.contains("urn:gatehouse:problem:misdirected-request"))
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
