import Foundation
import Glibc
import Testing

/// Connections that a balancer passes on, with whose they are in front of them.
@Suite(.serialized) struct ProxyProtocolTests {
  private static let hop = "    trusted-hops: [127.0.0.1]\n    proxy-protocol: true\n"

  @Test func `The header's address is the client's everywhere, and nothing else is taken`() throws {
    let upstream = try TestUpstream()
    let services = """
      \(Services.open(upstream.port))
          policies: [ip-filter: { deny: [203.0.113.0/24] }]
      """
    let gateway = try RunningGateway(services: services, listener: ProxyProtocolTests.hop)
    func ask(_ header: String) throws -> Answer {
      let client = try gateway.client()
      // In two pieces, so that the header is not whole at once.
      try client.send(String(header.prefix(9)))
      _ = try gateway.metric("gatehouse_connections_active")
      try client.send(String(header.dropFirst(9)))
      let first = try client.request("GET", "/", ["X-Forwarded-For: 9.9.9.9"])
      #expect(try client.request("GET", "/again").status == first.status)
      return first
    }
    let known = try ask("PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\r\n")
    #expect(known.status == 200)
    #expect(known.body.contains("\r\nx-forwarded-for: 192.0.2.7\r\n"))
    #expect(try ask("PROXY TCP4 203.0.113.9 127.0.0.1 4000 80\r\n").status == 403)
    // Where it says nothing of the client, the connection is the hop's own, who may name one.
    let own = try ask("PROXY UNKNOWN\r\n")
    #expect(own.body.contains("\r\nx-forwarded-for: 9.9.9.9, 127.0.0.1\r\n"))
    for start in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PROXY TCP4 nobody\r\n"] {
      let client = try gateway.client()
      try client.send(start)
      #expect(client.isClosed())
    }
    try Waiting.until("the log") { gateway.accessLog.count >= 8 }
    #expect(gateway.accessLog.contains { $0.contains("\"client\":\"192.0.2.7\"") })
    #expect(
      try gateway.metric("gatehouse_connections_refused_total{cause=\"proxy-header\"}") == 2)
  }

  @Test func `TLS begins behind the header`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    let upstream = try TestUpstream()
    let tls = """
          tls:
            certificate: \(authority.path("a.test.pem"))
            key: \(authority.path("a.test.key"))
      """
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: ProxyProtocolTests.hop + tls)
    let answer = try authority.fetch("a.test", port: gateway.port, ["--haproxy-protocol"])
    #expect(answer.status == 200)
    #expect(answer.output.contains("x-forwarded-proto: https"))
    #expect(try authority.fetch("a.test", port: gateway.port).status == 0)
  }

  @Test func `Nobody but a trusted hop says whose a connection is`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      listener: "    trusted-hops: [192.0.2.0/24]\n    proxy-protocol: true")
    let client = try gateway.client()
    try? client.send("PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\r\n")
    #expect(client.isClosed())
    withExtendedLifetime(upstream) {}
  }

  // DOS-03.
  @Test func `Connections that say nothing leave the admin listener its descriptors`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: ProxyProtocolTests.hop, workers: 1,
      descriptors: 128)
    let silent = try (0..<200).map { _ in try gateway.client() }
    try Waiting.until("the bound") {
      let refused = "gatehouse_connections_refused_total{cause=\"descriptors\"}"
      return (try? gateway.metric(refused)).flatMap { $0 } ?? 0 > 0
    }
    withExtendedLifetime((silent, upstream)) {}
  }

  @Test func `A header that does not end is waited for in vain`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: ProxyProtocolTests.hop,
      rest: "limits: { header-timeout: 200ms }")
    let client = try gateway.client()
    try client.send("PROXY TCP4 192.0.2.7 ")
    #expect(client.isClosed())
    withExtendedLifetime(upstream) {}
  }

  @Test(arguments: ["v1", "v2"])
  func `Upstreams are told whose a connection is, and none is another's`(version: String) throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    let upstream = try TestUpstream()
    // The upstream is a gateway that takes the header, in clear text and in front of TLS.
    let plain = try RunningGateway(
      services: Services.open(upstream.port), listener: ProxyProtocolTests.hop)
    let secured = try RunningGateway(
      services: Services.open(upstream.port),
      listener: ProxyProtocolTests.hop + """
            tls:
              certificate: \(authority.path("a.test.pem"))
              key: \(authority.path("a.test.key"))
        """)
    let services = """
        - name: plain
          upstreams: [http://127.0.0.1:\(plain.port)]
          proxy-protocol: \(version)
          host-header: preserve
          public: true
          routes: [{ paths: [/plain] }]
        - name: secured
          upstreams: [https://127.0.0.1:\(secured.port)]
          upstream-tls: { insecure: true, server-name: a.test }
          proxy-protocol: \(version)
          host-header: preserve
          public: true
          routes: [{ paths: [/secured] }]
      """
    let gateway = try RunningGateway(
      services: services, listener: "    trusted-hops: [127.0.0.1]\n")
    let client = try gateway.client()
    for path in ["/plain", "/secured"] {
      for address in ["192.0.2.7", "2001:db8::7", "192.0.2.8"] {
        let answer = try client.request(
          "GET", path, ["X-Forwarded-For: \(address)"], host: "a.test")
        #expect(answer.status == 200)
        // What the second gateway takes for the client is the header's alone.
        #expect(answer.body.contains("x-forwarded-for: \(address)\r\n"), "\(answer.body)")
      }
    }
  }
}
