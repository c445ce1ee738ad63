import Crypto
import Formats
import Foundation
import Testing

/// Passwords through the real gateway: against hashes of its own, and against a real directory.
@Suite(.serialized) struct PasswordTests {
  private func basic(_ pair: String) -> String {
    "Authorization: Basic " + Base64.encode(pair.utf8.span, .standard)
  }

  private func service(_ upstream: UInt16, _ policies: String) -> String {
    """
      - name: passwords
        upstreams: [http://127.0.0.1:\(upstream)]
        policies:
    \(policies)
    """
  }

  @Test func `A password is hashed beside the loop, and others go on`() throws {
    let upstream = try TestUpstream()
    let hash = try PasswordHash(of: "right").text
    let gateway = try RunningGateway(
      services: service(
        upstream.port, "      - basic: { users: [{ name: carol, password: '\(hash)' }] }"),
      workers: 1)
    let client = try gateway.client()
    for _ in 0..<3 {
      let answer = try client.request("GET", "/x", [basic("carol:right")])
      #expect(answer.status == 200)
      #expect(answer.body.contains("x-consumer-id: carol"))
      #expect(!answer.body.contains("authorization"))
    }
    let wrong = try client.request("GET", "/x", [basic("carol:wrong")])
    #expect(wrong.problem == "credentials-invalid")
    #expect(wrong.fields["www-authenticate"] == "Basic realm=\"gatehouse\", charset=\"UTF-8\"")
    #expect(try client.request("GET", "/x", [basic("nobody:right")]).status == 401)
    #expect(try client.request("GET", "/x").problem == "credentials-required")
    withExtendedLifetime(upstream) {}
  }

  private func ldap(_ more: String) -> String { "      - ldap: { \(more) }" }

  @Test func `A directory knows who calls, by a search or by name, with TLS`() throws {
    let directory = try DirectoryServer()
    let upstream = try TestUpstream()
    let base = "base: 'ou=people,dc=example,dc=org', groups-base: 'ou=groups,dc=example,dc=org'"
    let ca = "authority: '\(directory.authority.path("ca.pem"))'"
    let ways = [
      "url: 'ldap://127.0.0.1:\(directory.port)', start-tls: false, \(base)",
      "url: 'ldap://127.0.0.1:\(directory.port)', \(ca), \(base), "
        + "service: 'cn=admin,dc=example,dc=org', service-password: admin-password",
      "url: 'ldaps://127.0.0.1:\(directory.securePort)', \(ca), "
        + "entry: 'uid={user},ou=people,dc=example,dc=org', "
        + "groups-base: 'ou=groups,dc=example,dc=org'",
    ]
    for way in ways {
      let gateway = try RunningGateway(
        services: service(
          upstream.port, ldap(way) + "\n      - access: { groups: [staff] }"))
      let client = try gateway.client()
      let right = try client.request("GET", "/x", [basic("carol:c-password")])
      #expect(right.status == 200, "\(way) \(gateway.messages)")
      #expect(right.body.contains("x-consumer-id: carol"))
      // Right, and in no such group.
      #expect(try client.request("GET", "/x", [basic("dave:d-password")]).status == 403)
      for pair in [
        "carol:d-password", "carol:", "nobody:c-password", "*:c-password",
        "carol)(uid=*:c-password",
        "carol,ou=people,dc=example,dc=org:c-password", "c*:c-password",
      ] {
        #expect(try client.request("GET", "/x", [basic(pair)]).status == 401, "\(pair)")
      }
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `A directory that is gone, or is another, lets nobody in`() throws {
    let directory = try DirectoryServer()
    let upstream = try TestUpstream()
    let entry = "entry: 'uid={user},ou=people,dc=example,dc=org'"
    // Its authority is none of the system's; nothing listens on port 1.
    for url in ["ldaps://127.0.0.1:\(directory.securePort)", "ldap://127.0.0.1:1"] {
      let gateway = try RunningGateway(
        services: service(upstream.port, ldap("url: '\(url)', \(entry)")))
      let answer = try gateway.client().request("GET", "/x", [basic("carol:c-password")])
      #expect(answer.status == 503)
      #expect(answer.problem == "upstream-unavailable")
    }
    withExtendedLifetime(upstream) {}
  }
}
