import Foundation
import Glibc
import Testing

/// Whatever is refused, wherever on its way, leaves one line that says why.
@Suite(.serialized) struct OneLineTests {
  private typealias Entry = [String: Any]

  private func text(_ entry: Entry, _ key: String) -> String { entry[key] as? String ?? "" }

  @Test func `What the parser refuses leaves one line with its reason`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port), workers: 1)
    let host = "Host: api.test\r\n"
    let long = String(repeating: "a", count: 40_000)
    let cases: [(sent: String, status: Int)] = [
      ("nonsense\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nbroken\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", 400),
      ("GET / HTTP/2.5\r\n\(host)\r\n", 505),
      ("GET /\(long) HTTP/1.1\r\n\(host)\r\n", 414),
      ("GET / HTTP/1.1\r\n\(host)X: \(long)\r\n\r\n", 431),
      ("POST / HTTP/1.1\r\n\(host)Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
      ("\u{16}\u{3}\u{1}\u{0}\u{5}hello\r\n\r\n", 400),
    ]
    for (sent, status) in cases {
      let client = try gateway.client()
      // Those that are refused early may close before all is sent.
      try? client.send(sent)
      #expect(try client.answer().status == status, "\(sent.prefix(40))")
      #expect(client.isClosed())
    }
    let entries = try gateway.entries(cases.count)
    #expect(entries.map { $0["status"] as? Int } == cases.map(\.status))
    for (entry, sent) in zip(entries, cases) {
      #expect(text(entry, "fault") == "client", "\(sent.sent.prefix(40))")
      #expect(!text(entry, "problem").isEmpty)
      #expect(!text(entry, "reason").isEmpty)
      #expect(text(entry, "client") == "127.0.0.1")
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `What routes, policies and limits refuse leaves one line`() throws {
    let upstream = try TestUpstream()
    let services =
      Services.keyed(
        upstream.port,
        more: """
                - rate-limit: { limit: 1/hour, by: consumer }
                - body-limit: { size: 1KiB }
          """) + "\n    routes: [{ paths: [/shop], methods: [GET, POST] }]"
    let gateway = try RunningGateway(
      services: services, rest: Services.consumers, workers: 1)
    let key = ["X-API-Key: \(Services.key)"]
    let client = try gateway.client()
    #expect(try client.request("GET", "/shop", key).status == 200)
    #expect(try client.request("GET", "/shop", key).status == 429)
    #expect(try client.request("GET", "/shop").status == 401)
    #expect(try client.request("GET", "/shop", ["X-API-Key: no"]).status == 401)
    #expect(try client.request("PUT", "/shop", key).status == 405)
    #expect(try client.request("GET", "/other", key).status == 404)
    let entries = try gateway.entries(6)
    #expect(
      entries.map { text($0, "problem") } == [
        "", "rate-limited", "credentials-required", "credentials-invalid", "method-not-allowed",
        "not-found",
      ])
    #expect(entries.dropFirst().allSatisfy { text($0, "fault") == "client" })
    #expect(entries.prefix(4).allSatisfy { text($0, "service") == "keyed" })
    #expect(entries.prefix(2).allSatisfy { text($0, "consumer") == "mobile-app" })
    withExtendedLifetime(upstream) {}
  }

  @Test func `Who is too slow, or leaves early, leaves one line, and who says nothing none`() throws
  {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: "limits: { header-timeout: 500ms, idle-timeout: 500ms, body-rate-grace: 500ms }",
      workers: 1)
    // What is used again must not show what it was used for before.
    #expect(try gateway.client().request("GET", "/before").status == 200)
    let silent = try gateway.client()
    #expect(silent.isClosed())
    let begun = Date().timeIntervalSince1970
    let head = try gateway.client()
    try head.send("GET /slow-head HTTP/1.1\r\nHost")
    #expect(try head.answer().status == 408)
    let body = try gateway.client()
    try body.send(
      "POST /slow-body HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9000\r\n\r\nab")
    #expect(try body.answer().status == 408)
    var leaving: Client? = try gateway.client()
    try leaving?.send("GET /leaves HTTP/1.1\r\nHost")
    leaving = nil
    let entries = try gateway.entries(4)
    #expect(
      entries.map { text($0, "problem") } == ["", "request-timeout", "request-timeout", ""])
    #expect(text(entries[3], "reason") == "client closed the connection in the head")
    let reader = ISO8601DateFormatter()
    reader.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    for entry in entries.dropFirst() {
      #expect(text(entry, "fault") == "client")
      #expect(text(entry, "client") == "127.0.0.1")
      let time = try #require(reader.date(from: text(entry, "time"))).timeIntervalSince1970
      #expect(time >= begun - 0.2)
      #expect(entry["duration_ms"] as? Double ?? .infinity < 10_000)
    }
    withExtendedLifetime((upstream, leaving)) {}
  }

  @Test func `What the end of the gateway cuts leaves its line`() throws {
    let silence = try Socket.listening()
    let gateway = try RunningGateway(
      services: Services.open(silence.port), rest: "limits: { drain-timeout: 200ms }")
    let client = try gateway.client()
    try client.send("GET /waiting HTTP/1.1\r\nHost: api.test\r\n\r\n")
    let taken = silence.accepted()
    #expect(try taken?.receive().isEmpty == false)
    gateway.signal(SIGTERM)
    #expect(client.isClosed())
    let entries = try gateway.entries(1)
    #expect(entries.map { text($0, "reason") } == ["the gateway stopped"])
    #expect(entries.map { text($0, "fault") } == ["gateway"])
  }

  @Test func `A failing upstream leaves one line that says whose fault it was`() throws {
    let upstream = try TestUpstream()
    let closed = try Socket.freePort()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port, paths: "[/garbage, /breaks]")
        + """

          - name: gone
            upstreams: [http://127.0.0.1:\(closed)]
            public: true
            routes: [{ paths: [/gone] }]
        """, workers: 1)
    for path in ["/garbage", "/breaks", "/gone"] {
      #expect(try gateway.client().request("POST", path).status == 502)
    }
    let failures = "gatehouse_upstream_failures_total"
    let labels = "service=\"gone\",upstream=\"127.0.0.1:\(closed)\""
    #expect(try gateway.metric("\(failures){\(labels),cause=\"unreachable\"}") ?? 0 >= 1)
    let entries = try gateway.entries(3)
    #expect(entries.count == 3)
    #expect(entries.allSatisfy { text($0, "fault") == "upstream" })
    #expect(entries.allSatisfy { text($0, "problem") == "bad-gateway" })
    #expect(
      entries.map { text($0, "reason") } == [
        "upstream response is not valid HTTP", "upstream broke off", "upstream unreachable",
      ])
    #expect(text(entries[2], "upstream") == "127.0.0.1:\(closed)")
  }

  @Test func `A client that leaves in the middle leaves one line`() throws {
    let content = String(repeating: "a", count: 16 << 20)
    let upstream = try ScriptedUpstream([
      "/large": "HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\n\r\n\(content)"
    ])
    let gateway = try RunningGateway(services: Services.open(upstream.port))
    var client: Socket? = try Socket.connected(to: gateway.port)
    try client?.send(Array("GET /large HTTP/1.1\r\nHost: api.test\r\n\r\n".utf8))
    #expect(try client?.receive().isEmpty == false)
    client = nil
    let entries = try gateway.entries(1)
    #expect(entries.count == 1)
    #expect(entries[0]["status"] as? Int == 200)
    #expect(text(entries[0], "reason") == "client closed the connection")
    #expect(text(entries[0], "fault") == "client")
    #expect(entries[0]["bytes_out"] as? Int ?? 0 < content.utf8.count)
  }

  @Test func `A connection that there is no room for leaves one line and is counted`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "limits: { connections-per-address: 1 }",
      workers: 1)
    let busy = try gateway.client()
    #expect(try busy.request("GET", "/").status == 200)
    try busy.send("GET / HTTP/1.1\r\nHost")
    // Busy once its bytes are read; until then it may be closed for another.
    try Waiting.until("a refusal") {
      if let late = try? gateway.client() { _ = late.isClosed() }
      let cause = "gatehouse_connections_refused_total{cause=\"address-limit\"}"
      return (try? gateway.metric(cause)) ?? 0 >= 1
    }
    try Waiting.until("its line") {
      gateway.accessLog.contains { $0.contains("too many connections of one address") }
    }
    #expect(gateway.messages.contains("too many connections of one address"))
    withExtendedLifetime((upstream, busy)) {}
  }

  @Test func `A handshake that fails leaves one line and one count by its cause`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      listener: """
            tls:
              certificate: \(authority.path("a.test.pem"))
              key: \(authority.path("a.test.key"))
              client-certificates: required
              client-authority: \(authority.path("ca.pem"))
        """, rest: "limits: { handshake-timeout: 500ms }")
    // Plain HTTP, no certificate, an old version, a connection that ends, one that says nothing.
    let plain = try gateway.client()
    try plain.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
    #expect(plain.isClosed())
    #expect(try authority.fetch("a.test", port: gateway.port).status == 0)
    #expect(
      try authority.fetch(
        "a.test", port: gateway.port,
        ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]
      ).status == 0)
    var left: Client? = try gateway.client()
    left = nil
    let silent = try gateway.client()
    #expect(silent.isClosed())
    func failed(_ cause: String) throws -> Double? {
      try gateway.metric("gatehouse_tls_handshakes_failed_total{cause=\"\(cause)\"}")
    }
    for cause in ["not-tls", "client-certificate", "version", "cut-off", "timed-out"] {
      try Waiting.until(cause) { (try? failed(cause)) == 1 }
    }
    let entries = try gateway.entries(5)
    #expect(entries.count == 5)
    #expect(entries.allSatisfy { $0["status"] as? Int == 0 && text($0, "fault") == "client" })
    #expect(Set(entries.map { text($0, "reason") }).count == 5)
    withExtendedLifetime((upstream, left)) {}
  }
}
