import Foundation
import Testing

/// HTTP/2 by clients that others wrote, through the real binary.
@Suite struct HTTP2Tests {
  let authority: TestAuthority
  let upstream: TestUpstream
  let gateway: RunningGateway

  init() throws {
    authority = try TestAuthority()
    try authority.issue("api.test")
    upstream = try TestUpstream()
    gateway = try HTTP2Tests.gateway(upstream, authority)
  }

  private static func gateway(
    _ upstream: TestUpstream, _ authority: TestAuthority, policies: String = "", more: String = "",
    rest: String = ""
  ) throws -> RunningGateway {
    try RunningGateway(
      services: Services.open(upstream.port) + policies,
      listener: """
            tls:
              certificate: \(authority.path("api.test.pem"))
              key: \(authority.path("api.test.key"))
        \(more)
        """, rest: rest)
  }

  private func run(_ program: String, _ arguments: String...) throws -> (Int32, String) {
    let result = try Command.run(
      URL(filePath: "/usr/bin/" + program), arguments, in: gateway.folder)
    return (result.status, result.output)
  }

  private var origin: String { "https://127.0.0.1:\(gateway.port)" }

  @Test func `Curl gets an answer, and its request arrives as any other`() throws {
    let (status, output) = try run(
      "curl", "-skv", "--http2", "-b", "a=1", "-d", "hello", origin + "/orders?x=1")
    #expect(status == 0 && output.contains("< HTTP/2 200"), "\(output)")
    #expect(output.contains("post /orders?x=1 http/1.1"))
    #expect(output.contains("x-forwarded-proto: https") && output.contains("cookie: a=1"))
    #expect(output.contains("via: 2.0 gatehouse") && output.hasSuffix("hello"))
    let entry = try gateway.entries(1)[0]
    #expect(entry["protocol"] as? String == "HTTP/2.0" && entry["status"] as? Int == 200)
  }

  @Test func `Curl gets the answer to a request that is refused before its content`() throws {
    let path = gateway.folder.appending(path: "large").path
    try Data(repeating: 7, count: 3_000_000).write(to: URL(filePath: path))
    let small = try HTTP2Tests.gateway(
      upstream, authority, policies: "\n    policies: [{ body-limit: { size: 64KiB } }]")
    for expectation in ["Expect:", "Expect: 100-continue"] {
      let (status, output) = try run(
        "curl", "-sk", "--http2", "-H", expectation, "--data-binary", "@" + path, "-o",
        "/dev/null", "-w", "%{http_version} %{http_code}", "https://127.0.0.1:\(small.port)/")
      #expect(output == "2 413", "\(status) \(output)")
    }
  }

  @Test func `Large content goes both ways, whatever the windows are`() throws {
    let path = gateway.folder.appending(path: "large").path
    try Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) | 1 }).write(
      to: URL(filePath: path))
    let (status, output) = try run(
      "curl", "-sk", "--http2", "-T", path, "-o", path + ".back", "-w",
      "%{http_version} %{http_code}",
      origin + "/up")
    #expect(status == 0 && output == "2 200", "\(output)")
    let back = try Data(contentsOf: URL(filePath: path + ".back"))
    #expect(try back.suffix(3_000_000) == Data(contentsOf: URL(filePath: path)))
  }

  @Test func `The clients nghttp and h2load get answers to all requests`() throws {
    let (_, verbose) = try run("nghttp", "-nv", origin + "/a", origin + "/b")
    #expect(verbose.split(separator: "\n").count { $0.contains(":status: 200") } == 2, "\(verbose)")
    let (_, output) = try run("h2load", "-n", "3000", "-c", "4", "-m", "30", origin + "/")
    #expect(output.contains("3000 succeeded, 0 failed"), "\(output)")
    #expect(output.contains("3000 2xx"), "\(output)")
  }

  @Test func `Python's httpx gets answers, many at once on one connection`() throws {
    let program = """
      import asyncio, httpx
      async def main():
          async with httpx.AsyncClient(http2=True, verify=False, timeout=30) as client:
              calls = [client.post("\(origin)/%d" % n, content=b"x" * n) for n in range(150)]
              answers = await asyncio.gather(*calls)
              assert all(a.http_version == "HTTP/2" and a.status_code == 200 for a in answers)
              assert all(a.content.endswith(b"x" * n) for n, a in enumerate(answers))
          print("good")
      asyncio.run(main())
      """
    let (_, output) = try run("python3", "-c", program)
    #expect(output == "good\n", "\(output)")
  }

  // H2-16.
  @Test func `Clear text takes HTTP 2 by prior knowledge, and HTTP 1 beside it`() throws {
    let plain = try RunningGateway(
      services: Services.open(upstream.port), listener: "    http2: prior-knowledge")
    let address = "http://127.0.0.1:\(plain.port)/"
    let (_, second) = try run("curl", "-sv", "--http2-prior-knowledge", address)
    #expect(second.contains("< HTTP/2 200"), "\(second)")
    let (_, first) = try run("curl", "-sv", "--http2", address)
    #expect(first.contains("< HTTP/1.1 200 OK") && !first.contains("101"), "\(first)")
  }

  @Test func `A listener may keep to HTTP 1`() throws {
    let old = try HTTP2Tests.gateway(upstream, authority, more: "    http2: off")
    let (_, output) = try run("curl", "-skv", "--http2", "https://127.0.0.1:\(old.port)/")
    #expect(output.contains("< HTTP/1.1 200 OK"), "\(output)")
    let plain = try RunningGateway(services: Services.open(upstream.port))
    let (status, _) = try run(
      "curl", "-s", "--http2-prior-knowledge", "http://127.0.0.1:\(plain.port)/")
    #expect(status != 0)
  }

  /// What scripts share: a connection by Python's `h2`, and a way to read its events.
  private func script(_ port: UInt16, _ rest: String) -> String {
    """
    import h2.connection, h2.config, h2.events, h2.settings, os, signal, socket, ssl, sys, time
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    def connect():
        sock = context.wrap_socket(socket.create_connection(("127.0.0.1", \(port))))
        sock.settimeout(15)
        return sock, h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    def head(method, path):
        return [(":method", method), (":scheme", "https"), (":path", path),
                (":authority", "api.test")]
    def events(sock, conn):
        while True:
            data = sock.recv(65536)
            if not data:
                return
            for event in conn.receive_data(data):
                yield event
            sock.sendall(conn.data_to_send())
    \(rest)
    """
  }

  // H2-14.
  @Test func `A drain says goodbye and lets what is under way end`() throws {
    let program = script(
      gateway.port,
      """
      sock, conn = connect()
      conn.initiate_connection()
      conn.send_headers(1, head("POST", "/a"))
      sock.sendall(conn.data_to_send())
      time.sleep(0.2)
      print("go", flush=True)
      seen = []
      # Read by hand: the library takes a connection for closed that says goodbye.
      stream = sock.makefile("rb")
      while True:
          start = stream.read(9)
          if len(start) < 9:
              break
          length, kind, flags = int.from_bytes(start[:3], "big"), start[3], start[4]
          payload = stream.read(length)
          if kind == 7:
              seen.append("goodbye")
          if kind == 6:
              sock.sendall(b"\\0\\0\\x08\\x06\\x01\\0\\0\\0\\0" + payload)
              sock.sendall(b"\\0\\0\\x04\\0\\x01\\0\\0\\0\\x01late")
          if kind == 0:
              seen.append("content" if payload.endswith(b"late") else "other")
              if flags & 1:
                  seen.append("end")
      print(",".join(seen))
      """)
    let folder = gateway.folder
    let log = folder.appending(path: "drain")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", program]
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    try process.run()
    try Waiting.until("the request") { gateway.text(of: "drain").contains("go\n") }
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    try Waiting.until("the client") { !process.isRunning }
    let text = try String(contentsOf: log, encoding: .utf8)
    #expect(text.contains("goodbye") && text.contains("content,end"), "\(text)")
  }

  // H2-05.
  @Test func `A client that takes nothing of its answer loses the stream`() throws {
    let limited = try HTTP2Tests.gateway(
      upstream, authority, rest: "limits: { send-timeout: 400ms }")
    let program = script(
      limited.port,
      """
      sock, conn = connect()
      conn.local_settings = h2.settings.Settings(
          client=True, initial_values={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 0})
      conn.initiate_connection()
      conn.send_headers(1, head("GET", "/"), end_stream=True)
      sock.sendall(conn.data_to_send())
      for event in events(sock, conn):
          if isinstance(event, h2.events.StreamReset):
              print("reset", int(event.error_code))
              break
      """)
    let (_, output) = try run("python3", "-c", program)
    #expect(output == "reset 8\n", "\(output)")
  }

  @Test func `A client that is slow with its content is told so`() throws {
    let limited = try HTTP2Tests.gateway(
      upstream, authority, rest: "limits: { body-rate-grace: 300ms }")
    let program = script(
      limited.port,
      """
      sock, conn = connect()
      conn.initiate_connection()
      conn.send_headers(1, head("POST", "/"))
      sock.sendall(conn.data_to_send())
      for event in events(sock, conn):
          if isinstance(event, h2.events.ResponseReceived):
              print(dict(event.headers)[":status"])
              break
      """)
    let (_, output) = try run("python3", "-c", program)
    #expect(output == "408\n", "\(output)")
  }

  @Test func `A flood ends its own connection and leaves one line`() throws {
    let program = script(
      gateway.port,
      """
      sock, conn = connect()
      conn.initiate_connection()
      sock.sendall(conn.data_to_send())
      try:
          for n in range(0, 500):
              conn.send_headers(2 * n + 1, head("GET", "/"), end_stream=True)
              conn.reset_stream(2 * n + 1, 8)
              sock.sendall(conn.data_to_send())
      except OSError:
          pass
      for event in events(sock, conn):
          if isinstance(event, h2.events.ConnectionTerminated):
              print("ended", int(event.error_code))
              break
      """)
    let (_, output) = try run("python3", "-c", program)
    #expect(output == "ended 11\n", "\(output)")
    let (status, again) = try run("curl", "-sk", "--http2", origin + "/")
    #expect(status == 0 && again.contains("get / http/1.1"))
  }
}
