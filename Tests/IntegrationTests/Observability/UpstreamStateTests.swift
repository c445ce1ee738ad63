import Foundation
import Testing

/// What the metrics and the messages tell of upstreams.
@Suite(.serialized) struct UpstreamStateTests {
  private func metric(_ gateway: RunningGateway, _ name: String, _ port: UInt16) -> Double? {
    let labels = "service=\"shop\",upstream=\"127.0.0.1:\(port)\""
    return (try? gateway.metric("gatehouse_upstream_\(name){\(labels)}")) ?? nil
  }

  private func services(_ ports: [UInt16], more: String = "") -> String {
    let urls = ports.map { "http://127.0.0.1:\($0)" }.joined(separator: ", ")
    return """
        - name: shop
          upstreams: [\(urls)]
          public: true
      \(more)
          routes: [{ paths: [/] }]
      """
  }

  @Test func `What is under way and what is kept is told, until it is over`() throws {
    let upstream = try ScriptedUpstream([:])
    let silence = try Socket.listening()
    let gateway = try RunningGateway(services: services([upstream.port]), workers: 1)
    for _ in 0..<3 { #expect(try gateway.client().request("GET", "/").status == 200) }
    try Waiting.until("the idle connection") {
      metric(gateway, "idle_connections", upstream.port) == 1
    }
    #expect(metric(gateway, "requests_total", upstream.port) == 3)
    #expect(metric(gateway, "reused_total", upstream.port) == 2)
    #expect(metric(gateway, "connects_total", upstream.port) == 1)
    #expect(metric(gateway, "response_seconds_count", upstream.port) == 3)
    // Another upstream takes over, which does not answer; the first has nothing any more.
    try gateway.write(services: services([silence.port]))
    gateway.signal(SIGHUP)
    let waiting = try gateway.client()
    try Waiting.until("the reload") {
      (try? gateway.metric("gatehouse_config_reloads_total{result=\"success\"}")) == 1
    }
    try waiting.send("GET /waiting HTTP/1.1\r\nHost: api.test\r\n\r\n")
    let taken = silence.accepted()
    #expect(try taken?.receive().isEmpty == false)
    try Waiting.until("the exchange") { metric(gateway, "active", silence.port) == 1 }
    #expect(metric(gateway, "idle_connections", upstream.port) == 0)
    #expect(metric(gateway, "requests_total", upstream.port) == 3)
    try taken?.send(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
    #expect(try waiting.answer().status == 204)
    try Waiting.until("its end") { metric(gateway, "active", silence.port) == 0 }
  }

  @Test func `An upstream that is kept out is told of, and so is its return`() throws {
    let upstream = try ScriptedUpstream([:])
    let port = try Socket.freePort()
    let gateway = try RunningGateway(services: services([upstream.port, port]), workers: 1)
    let client = try gateway.client()
    try Waiting.until("it is kept out") {
      _ = try? client.request("GET", "/")
      return metric(gateway, "ejected", port) == 1
    }
    #expect(metric(gateway, "ejections_total", port) ?? 0 >= 1)
    #expect(metric(gateway, "ejected", upstream.port) == 0)
    #expect(
      gateway.messages.contains(
        "warning service shop: upstream 127.0.0.1:\(port) is kept out for 1 s: upstream unreachable"
      ))
    let back = try ScriptedUpstream([:], port: port)
    try Waiting.until("its return") {
      _ = try? client.request("GET", "/")
      return gateway.messages.contains("upstream 127.0.0.1:\(port) answers again")
    }
    withExtendedLifetime(back) {}
  }

  @Test func `Why TLS with an upstream failed is for the operator alone`() throws {
    let authority = try TestAuthority()
    try authority.issue("other.test")
    let port = try Socket.freePort()
    let server = Process()
    server.executableURL = URL(filePath: "/usr/bin/openssl")
    server.currentDirectoryURL = authority.folder
    server.arguments = [
      "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "other.test.pem", "-key",
      "other.test.key", "-quiet",
    ]
    server.standardOutput = FileHandle.nullDevice
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer { kill(server.processIdentifier, SIGKILL) }
    try Waiting.until("the server") { (try? Socket.connected(to: port)) != nil }
    let gateway = try RunningGateway(
      services: """
          - name: shop
            upstreams: [https://127.0.0.1:\(port)]
            upstream-tls: { authority: \(authority.path("ca.pem")) }
            public: true
            routes: [{ paths: [/] }]
        """, workers: 1)
    let answer = try gateway.client().request("POST", "/")
    #expect(answer.status == 502)
    #expect(!answer.body.lowercased().contains("certificate"))
    let entries = try gateway.entries(1)
    #expect(entries.first?["reason"] as? String == "TLS with the upstream failed")
    #expect(entries.first?["fault"] as? String == "upstream")
    #expect(
      gateway.messages.contains(
        "upstream 127.0.0.1:\(port): TLS failed: the peer's certificate does not bear the name"))
  }
}
