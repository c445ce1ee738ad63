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

  private func gateway(_ limits: String = "{}", policies: String = "    public: true") throws
    -> RunningGateway
  {
    try RunningGateway(
      services: """
          - name: chat
            upstreams: [http://127.0.0.1:\(port)]
            websocket: \(limits)
        \(policies)
        """, rest: Services.consumers)
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
