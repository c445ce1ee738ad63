import Foundation
import Testing

/// WebSockets through the real binary, between Python's `websockets` on both sides.
@Suite struct WebSocketTests {
  let folder: URL
  let server: Process
  let port: UInt16

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "sockets-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Socket.freePorts().0
    let program = """
      import asyncio, websockets
      async def echo(socket):
          try:
              async for message in socket:
                  if message == "flood":
                      await socket.send("x" * 5000)
                  else:
                      await socket.send(message)
          finally:
              open("closed", "w").write(str(socket.close_code))
      async def main():
          async with websockets.serve(echo, "127.0.0.1", \(port), max_size=None):
              open("ready", "w").close()
              await asyncio.Future()
      asyncio.run(main())
      """
    server = Process()
    server.executableURL = URL(filePath: "/usr/bin/python3")
    server.arguments = ["-c", program]
    server.currentDirectoryURL = folder
    try server.run()
    let ready = folder.appending(path: "ready").path
    try Waiting.until("the server") { FileManager.default.fileExists(atPath: ready) }
  }

  /// Ends the server at the end of a test.
  private func end() {
    kill(server.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  private func gateway(
    _ limits: String = "{}", policies: String = "    public: true", listener: String = "",
    rest: String = ""
  ) throws -> RunningGateway {
    try RunningGateway(
      services: """
          - name: chat
            upstreams: [http://127.0.0.1:\(port)]
            websocket: \(limits)
        \(policies)
        """, listener: listener, rest: Services.consumers + "\n" + rest)
  }

  private func run(_ gateway: RunningGateway, _ body: String, headers: String = "{}") throws
    -> String
  {
    let program = """
      import asyncio, websockets
      async def main():
          try:
              async with websockets.connect("ws://127.0.0.1:\(gateway.port)/chat",
                                            extra_headers=\(headers)) as socket:
                  print("open", socket.extensions)
      \(body.split(separator: "\n").map { "            " + $0 }.joined(separator: "\n"))
          except websockets.ConnectionClosed as ended:
              print("closed", ended.rcvd.code if ended.rcvd else None)
          except websockets.InvalidStatusCode as refused:
              print("refused", refused.status_code)
      asyncio.run(main())
      """
    return try Command.run(
      URL(filePath: "/usr/bin/python3"), ["-c", program], in: gateway.folder
    ).output
  }

  @Test func `Messages of all sizes go both ways, without extensions`() throws {
    defer { end() }
    let gateway = try gateway("{ frame: 2MiB, message: 2MiB }")
    let output = try run(
      gateway,
      """
      for count in (0, 1, 125, 126, 65535, 65536, 1000000):
          await socket.send("y" * count)
          assert await socket.recv() == "y" * count
      await (await socket.ping())
      print("good")
      """)
    #expect(output == "open []\ngood\n", "\(output)")
    let entry = try gateway.entries(1)[0]
    #expect(entry["status"] as? Int == 101)
    #expect((entry["bytes_in"] as? Int ?? 0) > 1_100_000)
  }

  @Test func `Policies see the handshake`() throws {
    defer { end() }
    let gateway = try gateway(
      policies: "    policies: [{ api-key: { header: X-API-Key } }]")
    #expect(try run(gateway, "pass") == "refused 401\n")
    let output = try run(gateway, "pass", headers: "{'X-API-Key': '\(Services.key)'}")
    #expect(output == "open []\n", "\(output)")
  }

  @Test func `A message that is too large ends the socket with 1009, on both sides`() throws {
    defer { end() }
    let gateway = try gateway("{ frame: 1000, message: 2000 }")
    let send = """
      await socket.send("small")
      print(await socket.recv())
      await socket.send("z" * 1001)
      await socket.recv()
      """
    #expect(try run(gateway, send) == "open []\nsmall\nclosed 1009\n")
    try Waiting.until("the server's side") {
      (try? String(contentsOf: folder.appending(path: "closed"), encoding: .utf8)) == "1009"
    }
    let receive = """
      await socket.send("flood")
      await socket.recv()
      """
    #expect(try run(gateway, receive) == "open []\nclosed 1009\n")
  }

  @Test func `A socket that is silent, or open while the gateway stops, ends with 1001`() throws {
    defer { end() }
    let silent = try gateway("{ idle: 1s }")
    #expect(try run(silent, "await socket.recv()") == "open []\nclosed 1001\n")
    let gateway = try gateway()
    let body = """
      import os, signal
      os.kill(\(gateway.processIdentifier), signal.SIGTERM)
      await socket.recv()
      """
    #expect(try run(gateway, body) == "open []\nclosed 1001\n")
    #expect(try gateway.status() == 0)
  }

  /// What a client of HTTP/2 sees that speaks WebSocket on a stream.
  private func runStream(_ gateway: RunningGateway, _ body: String) throws -> String {
    try Command.run(
      URL(filePath: "/usr/bin/python3"),
      ["-c", SocketScript.start + "\n" + body, "\(gateway.port)"], in: gateway.folder
    ).output
  }

  @Test func `By HTTP 2 a WebSocket is a stream, with all that holds for others`() throws {
    defer { end() }
    let gateway = try gateway(
      "{ frame: 2MiB, message: 2MiB }",
      policies: "    policies: [{ api-key: { header: X-API-Key } }]",
      listener: "    http2: prior-knowledge")
    let output = try runStream(
      gateway,
      """
      print(conn.remote_settings[h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL])
      connect(1)
      print(status(1))
      for stream in (3, 5):
          connect(stream, [("x-api-key", "\(Services.key)")])
      # Said too early: it waits for the upstream.
      say(3, frame(1, b"early"))
      print(status(3), status(5), hear(3))
      for count in (0, 1, 125, 126, 65535, 65536, 1000000):
          for stream in (3, 5):
              say(stream, frame(1, b"y" * count))
          for stream in (3, 5):
              assert hear(stream) == (1, b"y" * count), count
      say(5, frame(9, b"ping"))
      print(hear(5))
      say(5, frame(8, b"\\x03\\xe8"))
      print(hear(5)[0])
      print(wait(h2.events.StreamEnded, 5) is not None)
      say(3, b"", ends=True)
      print(wait(h2.events.StreamEnded, 3) is not None)
      conn.send_headers(7, [(":method", "GET"), (":scheme", "http"), (":path", "/chat"),
          (":authority", "a")], end_stream=True)
      sock.sendall(conn.data_to_send())
      print(status(7))
      """)
    #expect(
      output == "1\n401\n200 200 (1, b'early')\n(10, b'ping')\n8\nTrue\nTrue\n401\n",
      "\(output)")
    let entries = try gateway.entries(4)
    #expect(entries.count { $0["status"] as? Int == 101 } == 2)
    #expect(entries.allSatisfy { $0["method"] as? String == "GET" }, "\(entries)")
  }

  @Test func `By HTTP 2 a WebSocket is held to the same limits`() throws {
    defer { end() }
    let gateway = try gateway(
      "{ frame: 1000, message: 2000, idle: 1s }", listener: "    http2: prior-knowledge",
      rest: "limits: { body-rate-grace: 500ms }")
    let output = try runStream(
      gateway,
      """
      for stream in (1, 3, 5):
          connect(stream)
          assert status(stream) == "200"
      say(1, frame(1, b"z" * 1001))
      print(hear(1), wait((h2.events.StreamEnded, h2.events.StreamReset), 1) is not None)
      say(3, frame(1, b"flood"))
      print(hear(3), wait((h2.events.StreamEnded, h2.events.StreamReset), 3) is not None)
      began = time.time()
      print(hear(5), 0.9 < time.time() - began < 4)
      connect(7)
      assert status(7) == "200"
      say(7, b"\\xc1\\x80\\0\\0\\0\\0")
      print(hear(7))
      connect(9)
      assert status(9) == "200"
      os.kill(\(gateway.processIdentifier), signal.SIGTERM)
      print(hear(9))
      """)
    let large = "(8, b'\\x03\\xf1') True\n"
    let silent = "(8, b'\\x03\\xe9')"
    #expect(
      output == large + large + silent + " True\n(8, b'\\x03\\xea')\n" + silent + "\n", "\(output)")
  }

  // H2-13.
  @Test func `CONNECT is taken for WebSockets alone, and where a service has them`() throws {
    defer { end() }
    let gateway = try gateway(listener: "    http2: prior-knowledge")
    let output = try runStream(
      gateway,
      """
      connect(1, named="connect-udp")
      print(status(1))
      connect(3, method="GET")
      print(status(3))
      connect(5, ends=True)
      print(status(5))
      connect(7, [("content-length", "1")])
      print(status(7))
      conn.send_headers(9, [(":method", "CONNECT"), (":authority", "a:1")])
      sock.sendall(conn.data_to_send())
      print(status(9))
      """)
    #expect(output == "501\n1\n1\n1\n501\n", "\(output)")
    let upstream = try ScriptedUpstream([
      "/chat": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        + "Connection: upgrade\r\nSec-WebSocket-Accept: c29tZXRoaW5nIGVsc2UhIQ==\r\n\r\n"
    ])
    let other = try RunningGateway(
      services: """
          - name: plain
            upstreams: [http://127.0.0.1:\(upstream.port)]
            public: true
            routes: [{ hosts: [plain] }]
          - name: sockets
            upstreams: [http://127.0.0.1:\(upstream.port)]
            websocket: {}
            public: true
        """, listener: "    http2: prior-knowledge")
    let refused = try runStream(
      other,
      """
      connect(1)
      print(status(1))
      for stream, path, host in ((3, "/other", "a"), (5, "/chat", "plain")):
          conn.send_headers(stream, [(":method", "CONNECT"), (":protocol", "websocket"),
              (":scheme", "http"), (":path", path), (":authority", host)])
          sock.sendall(conn.data_to_send())
          print(status(stream))
      """)
    // Another's answer, an upstream that does not switch, and a service without WebSockets.
    #expect(refused == "502\n502\n501\n", "\(refused)")
    let none = try RunningGateway(
      services: Services.open(upstream.port), listener: "    http2: prior-knowledge")
    let unknown = try runStream(
      none,
      "print(len(conn.remote_settings) and conn.remote_settings.get(8))\nconnect(1)\nprint(status(1))"
    )
    #expect(unknown == "0\n1\n" || unknown == "None\n1\n", "\(unknown)")
  }

  // SMG-16.
  @Test func `Nothing is tunnelled that the upstream has not agreed to`() throws {
    defer { end() }
    let answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    let upstream = try ScriptedUpstream(["/unasked": answer])
    let gateway = try RunningGateway(
      services: Services.open(upstream.port) + "\n    websocket: {}")
    let client = try gateway.client()
    #expect(try client.request("GET", "/unasked", host: "a").status == 502)
    // The upstream refuses: what came too early is the next request, and no part of a tunnel.
    let early = try gateway.client()
    try early.send(
      "GET /no HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try early.answer().body == "/no")
    #expect(try early.answer().body == "/next")
    #expect(upstream.visits.contains { $0.path == "/no" && $0.head.contains("upgrade: websocket") })
    #expect(upstream.visits.contains { $0.path == "/next" })
  }
}
