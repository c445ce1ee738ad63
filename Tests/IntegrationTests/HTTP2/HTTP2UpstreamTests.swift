import Foundation
import Testing

/// HTTP/2 to upstreams, right and wrong ones, through the real binary.
@Suite struct HTTP2UpstreamTests {
  private func gateway(
    _ ports: [UInt16], more: String = "", listener: String = "    http2: prior-knowledge",
    rest: String = "", workers: Int = 1, scheme: String = "http", host: String = "127.0.0.1"
  ) throws -> RunningGateway {
    let upstreams = ports.map { "\(scheme)://\(host):\($0)" }.joined(separator: ", ")
    return try RunningGateway(
      services: """
          - name: open
            upstreams: [\(upstreams)]
            protocol: http2
            public: true
        \(more)
        """, listener: listener, rest: rest, workers: workers)
  }

  private func run(
    _ gateway: RunningGateway, _ program: String, _ arguments: String...
  ) throws -> (Int32, String) {
    let result = try Command.run(
      URL(filePath: "/usr/bin/" + program), arguments, in: gateway.folder)
    return (result.status, result.output)
  }

  private func fetch(_ gateway: RunningGateway, _ path: String, _ more: [String] = []) throws
    -> (status: Int, body: String)
  {
    let result = try Command.run(
      URL(filePath: "/usr/bin/curl"),
      ["-s", "-m", "20", "-w", "\n%{http_code}"] + more
        + ["http://127.0.0.1:\(gateway.port)\(path)"],
      in: gateway.folder)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
  }

  private func stats(_ gateway: RunningGateway) throws -> [String: Int] {
    let text = try fetch(gateway, "/stats").body
    return (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Int]) ?? [:]
  }

  @Test func `A request of either version arrives by HTTP 2, as it was asked`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    let authority = "127.0.0.1:\(upstream.port)"
    for version in ["--http1.1", "--http2-prior-knowledge"] {
      let (status, body) = try fetch(
        gateway, "/orders?x=1", [version, "-d", "hello", "-H", "Cookie: a=1", "-H", "X-Own: yes"])
      #expect(status == 200, "\(body)")
      #expect(body.contains(":method: POST\n") && body.contains(":path: /orders?x=1\n"))
      #expect(body.contains(":authority: \(authority)\n") && body.contains(":scheme: http\n"))
      #expect(body.contains("cookie: a=1") && body.contains("x-own: yes"))
      #expect(body.contains("content-length: 5") && body.contains("x-forwarded-proto: http"))
      #expect(!body.contains("\nhost:") && !body.contains("connection:") && body.hasSuffix("hello"))
    }
    let head = try fetch(gateway, "/length", ["-I", "-H", "TE: trailers"])
    #expect(head.status == 200 && head.body.contains("content-length: "), "\(head)")
    #expect(try fetch(gateway, "/empty", ["--http1.1", "-i"]).body.contains("content-length: 0"))
    #expect(try stats(gateway)["connections"] == 1)
  }

  @Test func `Many exchanges share a connection, and no more than the upstream allows`() throws {
    let upstream = try HTTP2Upstream(streamsMax: 7)
    let gateway = try gateway([upstream.port])
    let (_, output) = try run(
      gateway, "h2load", "-n", "2000", "-c", "4", "-m", "20",
      "http://127.0.0.1:\(gateway.port)/")
    #expect(output.contains("2000 succeeded, 0 failed"), "\(output)")
    #expect(output.contains("2000 2xx"), "\(output)")
    let stats = try stats(gateway)
    #expect((stats["connections"] ?? 0) >= 2 && (stats["connections"] ?? 99) <= 14, "\(stats)")
    #expect(!upstream.messages.contains("TooManyStreams"), "\(upstream.messages)")
  }

  @Test func `A service may allow fewer exchanges on a connection than its upstreams do`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port], more: "    keep-alive: { streams-max: 1 }")
    let (_, output) = try run(
      gateway, "h2load", "-n", "30", "-c", "1", "-m", "3",
      "http://127.0.0.1:\(gateway.port)/slow")
    #expect(output.contains("30 succeeded"), "\(output)")
    #expect(try (stats(gateway)["connections"] ?? 0) >= 3)
  }

  @Test func `Large content goes both ways, whatever the windows are`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    let path = gateway.folder.appending(path: "large").path
    try Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) | 1 }).write(
      to: URL(filePath: path))
    for version in ["--http1.1", "--http2-prior-knowledge"] {
      let (status, output) = try run(
        gateway, "curl", "-s", version, "-T", path, "-o", path + ".back", "-w", "%{http_code}",
        "http://127.0.0.1:\(gateway.port)/up")
      #expect(status == 0 && output == "200", "\(output) \(upstream.messages)")
      let back = try Data(contentsOf: URL(filePath: path + ".back"))
      #expect(try back.suffix(3_000_000) == Data(contentsOf: URL(filePath: path)))
    }
  }

  @Test func `Trailers go both ways, by either version`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    let client = try Socket.connected(to: gateway.port)
    try client.send(
      Array(
        ("POST /trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Mine: 7\r\n\r\n").utf8))
    var text = ""
    while !text.hasSuffix("\r\n\r\n") || !text.contains("\r\n0\r\n") {
      let bytes = try client.receive()
      if bytes.isEmpty { break }
      text += String(decoding: bytes, as: UTF8.self)
    }
    #expect(text.contains("x-sum: 42") && text.contains("x-got-x-mine: 7"), "\(text)")
    let program = """
      import h2.connection, h2.config, h2.events, socket
      sock = socket.create_connection(("127.0.0.1", \(gateway.port)))
      sock.settimeout(15)
      conn = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
      conn.initiate_connection()
      conn.send_headers(1, [(":method", "POST"), (":scheme", "http"), (":path", "/trailers"),
                            (":authority", "a"), ("te", "trailers")])
      conn.send_data(1, b"abc")
      conn.send_headers(1, [("x-mine", "8")], end_stream=True)
      sock.sendall(conn.data_to_send())
      done = False
      while not done:
          for event in conn.receive_data(sock.recv(65536)):
              if isinstance(event, h2.events.TrailersReceived):
                  print(sorted(event.headers))
              if isinstance(event, h2.events.StreamEnded):
                  done = True
          sock.sendall(conn.data_to_send())
      """
    let (_, output) = try run(gateway, "python3", "-c", program)
    #expect(output.contains("('x-got-x-mine', '8')") && output.contains("'42'"), "\(output)")
  }

  @Test func `Requests behind a goodbye are asked anew, and none is lost`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    #expect(try fetch(gateway, "/").status == 200)
    // Not looked at, so that even what must not be done twice may be asked again.
    for round in 0..<5 {
      #expect(try fetch(gateway, "/goaway\(round)", ["-d", "", "-X", "POST"]).status == 200)
    }
    #expect(try stats(gateway)["connections"] == 6, "\(upstream.messages)")
  }

  @Test func `A reset becomes the status that it means`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port], more: "    retries: { count: 1, budget: 100% }")
    #expect(try fetch(gateway, "/once/7").status == 200)
    #expect(try fetch(gateway, "/once/7/post", ["-d", "", "-X", "POST"]).status == 200)
    #expect(try fetch(gateway, "/reset/7").status == 503)
    #expect(try fetch(gateway, "/reset/11", ["-X", "POST"]).status == 503)
    #expect(try fetch(gateway, "/reset/2", ["-X", "POST"]).status == 502)
    #expect(try fetch(gateway, "/reset/13", ["-X", "POST"]).status == 502)
    #expect(try fetch(gateway, "/once/8").status == 200)
    let large = gateway.folder.appending(path: "large")
    try Data(repeating: 7, count: 1_000_000).write(to: large)
    #expect(try fetch(gateway, "/early", ["-d", "x"]).status == 403)
    #expect(try fetch(gateway, "/early", ["-d", "@" + large.path]).status == 403)
    #expect(try stats(gateway)["connections"] == 1)
  }

  @Test func `TLS agrees on HTTP 2, and an upstream that does not is of no use`() throws {
    let authority = try TestAuthority()
    try authority.issue("localhost")
    let (certificate, key) = (authority.path("localhost.pem"), authority.path("localhost.key"))
    let trust = "    upstream-tls: { authority: \(authority.path("ca.pem")) }"
    let upstream = try HTTP2Upstream(certificate: certificate, key: key)
    let gateway = try gateway([upstream.port], more: trust, scheme: "https", host: "localhost")
    let (status, body) = try fetch(gateway, "/")
    #expect(status == 200 && body.contains(":scheme: https"), "\(body) \(gateway.messages)")
    let old = try HTTP2Upstream(certificate: certificate, key: key, protocols: "http/1.1")
    let other = try self.gateway([old.port], more: trust, scheme: "https", host: "localhost")
    #expect(try fetch(other, "/").status == 502)
    #expect(other.messages.contains("TLS failed"), "\(other.messages)")
  }

  @Test func `An upstream that speaks something else gets nothing but its end`() throws {
    let upstream = try TestUpstream()
    let gateway = try gateway([upstream.port])
    #expect(try fetch(gateway, "/").status == 502)
  }

  static let attacks = [
    "ping", "settings", "priority", "unknown", "empty", "continuation", "large-block", "bomb",
    "resize", "push", "idle", "even", "data-first", "no-status", "two-status", "capital",
    "connection", "crlf", "switch", "interim", "long", "short", "overflow", "huge-frame",
    "enable-push",
  ]

  // H2-02, H2-03, H2-04, H2-06, H2-07: of an upstream.
  @Test func `Whatever an upstream sends is bounded, and the next request is served`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port], more: "    retries: { count: 0 }")
    #expect(try fetch(gateway, "/").status == 200)
    let before = gateway.residentBytes
    for name in HTTP2UpstreamTests.attacks {
      let (status, body) = try fetch(gateway, "/raw/" + name, ["-X", "POST", "-d", ""])
      // What breaks off behind its head is broken off.
      let isCut = ["empty", "long", "short"].contains(name)
      #expect(isCut ? status == 200 || status == 502 : status == 502, "\(name): \(status) \(body)")
      #expect(try fetch(gateway, "/").status == 200, "behind \(name)")
    }
    #expect(gateway.residentBytes < before + 16 << 20)
  }

  @Test func `What becomes of responses becomes of those by HTTP 2 as well`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway(
      [upstream.port],
      more: "    policies: [{ cache: { default-ttl: 1m } }, { compress: { size: 100B } }]")
    let large = gateway.folder.appending(path: "large").path
    for version in ["--http1.1", "--http2-prior-knowledge"] {
      let path = "/large/300000?\(version)"
      // Asked for, and kept.
      for _ in 0..<2 {
        let answer = try fetch(gateway, path, [version, "--compressed", "-D", large])
        #expect(answer.status == 200 && answer.body.utf8.count == 300_000)
      }
      #expect(try String(contentsOfFile: large, encoding: .utf8).contains("content-encoding: "))
      let first = try fetch(gateway, "/length?\(version)", [version, "-A", "first"])
      let second = try fetch(gateway, "/length?\(version)", [version, "-A", "second"])
      #expect(first.body.contains(":method: GET") && second.body == first.body, "\(second.body)")
      let trailing = try fetch(gateway, "/trailers?\(version)", [version, "--compressed"])
      #expect(trailing.status == 200 && trailing.body.contains(":path: /trailers"), "\(trailing)")
      #expect(try fetch(gateway, "/reset/2?\(version)", [version]).status == 502)
    }
    #expect(try stats(gateway)["connections"] == 1)
  }

  // H2-05.
  @Test func `Clients that take nothing hold little, and nobody up`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    #expect(try fetch(gateway, "/").status == 200)
    let before = gateway.residentBytes
    let program = """
      import h2.connection, h2.config, h2.settings, os, socket, sys, time
      held = []
      for number in range(8):
          sock = socket.create_connection(("127.0.0.1", \(gateway.port)))
          conn = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
          conn.local_settings = h2.settings.Settings(
              client=True, initial_values={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 0})
          conn.initiate_connection()
          for stream in range(1, 200, 2):
              conn.send_headers(stream, [(":method", "GET"), (":scheme", "http"),
                  (":path", "/large/1000000"), (":authority", "a")], end_stream=True)
          sock.sendall(conn.data_to_send())
          held.append(sock)
      open("asked", "w").close()
      sys.stdin.read()
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", program]
    process.currentDirectoryURL = gateway.folder
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    try Waiting.until("the requests") {
      ((try? stats(gateway)) ?? [:])["requests"] ?? 0 >= 800
    }
    for _ in 0..<20 { #expect(try fetch(gateway, "/large/100000").body.utf8.count == 100_000) }
    #expect(gateway.residentBytes < before + 32 << 20, "\(gateway.residentBytes - before)")
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(try fetch(gateway, "/").status == 200)
  }

  @Test func `An upstream that is silent is asked, and given up if it does not answer`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway(
      [upstream.port], more: "    keep-alive: { ping: 300ms }\n    retries: { count: 0 }")
    #expect(try fetch(gateway, "/").status == 200)
    let began = Date()
    upstream.signal(SIGSTOP)
    #expect(try fetch(gateway, "/", ["-X", "POST"]).status == 504)
    #expect(Date().timeIntervalSince(began) < 5)
    upstream.signal(SIGCONT)
    #expect(try fetch(gateway, "/").status == 200)
    // One that is only slow answers the question.
    #expect(try fetch(gateway, "/slow", ["-X", "POST"]).status == 200)
  }

  @Test func `Upstreams are asked whether they are well in the protocol that they speak`() throws {
    let upstream = try HTTP2Upstream()
    func health(_ path: String) throws -> RunningGateway {
      try gateway(
        [upstream.port], more: "    health: { path: \(path), interval: 1s, unhealthy: 1 }")
    }
    let (well, unwell, broken) = try (health("/length"), health("/early"), health("/raw/crlf"))
    try Waiting.until("the answers: \(unwell.messages) \(broken.messages)") {
      unwell.messages.contains("the answer has status 403")
        && broken.messages.contains("control character in a field value")
    }
    #expect(!well.messages.contains("gets no requests"), "\(well.messages)")
  }

  @Test func `A request that takes too long is given up, and its stream with it`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway(
      [upstream.port], more: "    timeouts: { first-byte: 300ms }\n    retries: { count: 0 }")
    #expect(try fetch(gateway, "/silent").status == 504)
    let stats = try stats(gateway)
    #expect(stats["resets"] == 1 && stats["connections"] == 1, "\(stats)")
  }

  @Test func `A killed upstream costs idempotent requests nothing`() throws {
    let ports = [try Socket.freePort(), try Socket.freePort()]
    let steady = try HTTP2Upstream(port: ports[0])
    var other: HTTP2Upstream? = try HTTP2Upstream(port: ports[1])
    let gateway = try gateway(ports, more: "    retries: { budget: 100% }")
    for round in 0..<4 {
      for _ in 0..<5 { #expect(try fetch(gateway, "/").status == 200) }
      if round % 2 == 0 { other = nil } else { other = try HTTP2Upstream(port: ports[1]) }
    }
    withExtendedLifetime((steady, other)) {}
  }

  @Test func `A reload lets what is under way end`() throws {
    let upstream = try HTTP2Upstream()
    let gateway = try gateway([upstream.port])
    let log = gateway.folder.appending(path: "slow")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = ["-s", "http://127.0.0.1:\(gateway.port)/slow"]
    process.standardOutput = try FileHandle(forWritingTo: log)
    try process.run()
    gateway.signal(SIGHUP)
    try Waiting.until("the client") { !process.isRunning }
    #expect(try String(contentsOf: log, encoding: .utf8) == "slow")
    #expect(try fetch(gateway, "/").status == 200)
  }
}
