import Foundation
import Testing

/// Where `Tools/deps grpc` installs what its makers wrote.
enum GRPCLibrary {
  static let python = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/grpc/bin/python3")

  static var isInstalled: Bool { FileManager.default.fileExists(atPath: python.path) }
}

/// Calls of gRPC between the library that its makers wrote, on both sides, if `Tools/deps grpc` has
/// installed it.
@Suite(.enabled(if: GRPCLibrary.isInstalled)) struct GRPCTests {
  let folder: URL
  let server: Process
  let port: UInt16

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "grpc-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Socket.freePort()
    let program = """
      import grpc, os, signal, time
      from concurrent import futures
      from grpc_health.v1 import health, health_pb2, health_pb2_grpc
      def unary(request, context):
          seen = dict(context.invocation_metadata())
          context.set_trailing_metadata((("x-seen", seen.get("x-mine", "nothing")),))
          if request == b"fail":
              context.abort(grpc.StatusCode.NOT_FOUND, "no such thing: 100 %")
          if request == b"sleep":
              time.sleep(5)
          return b"<" + request + b">"
      def down(request, context):
          for number in range(int(request)):
              yield b"%d" % number
              if number == 2 and request == b"4":
                  time.sleep(5)
      def up(requests, context):
          return b"+".join(requests)
      def both(requests, context):
          for request in requests:
              yield b"(" + request + b")"
      def large(request, context):
          return b"x" * int(request)
      server = grpc.server(futures.ThreadPoolExecutor(20), options=[
          ("grpc.max_receive_message_length", 1 << 26), ("grpc.max_send_message_length", 1 << 26)])
      server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("shop.Orders", {
          "Unary": grpc.unary_unary_rpc_method_handler(unary),
          "Down": grpc.unary_stream_rpc_method_handler(down),
          "Up": grpc.stream_unary_rpc_method_handler(up),
          "Both": grpc.stream_stream_rpc_method_handler(both),
          "Large": grpc.unary_unary_rpc_method_handler(large),
      }),))
      checks = health.HealthServicer()
      checks.set("", health_pb2.HealthCheckResponse.SERVING)
      checks.set("shop.Orders", health_pb2.HealthCheckResponse.SERVING)
      health_pb2_grpc.add_HealthServicer_to_server(checks, server)
      server.add_insecure_port("127.0.0.1:\(port)")
      server.start()
      open("ready", "w").close()
      while not os.path.exists("unwell"):
          time.sleep(0.05)
      checks.set("shop.Orders", health_pb2.HealthCheckResponse.NOT_SERVING)
      server.wait_for_termination()
      """
    server = Process()
    server.executableURL = GRPCLibrary.python
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
    _ more: String = "    public: true", ports: [UInt16]? = nil,
    listener: String = "    http2: prior-knowledge", workers: Int = 2
  ) throws -> RunningGateway {
    let upstreams = (ports ?? [port]).map { "http://127.0.0.1:\($0)" }.joined(separator: ", ")
    return try RunningGateway(
      services: """
          - name: shop
            upstreams: [\(upstreams)]
            protocol: http2
        \(more)
        """, listener: listener, rest: Services.consumers, workers: workers)
  }

  private func run(_ gateway: RunningGateway, _ body: String) throws -> String {
    let program = """
      import grpc, time
      channel = grpc.insecure_channel("127.0.0.1:\(gateway.port)", options=[
          ("grpc.max_receive_message_length", 1 << 26), ("grpc.max_send_message_length", 1 << 26)])
      unary = channel.unary_unary("/shop.Orders/Unary")
      down = channel.unary_stream("/shop.Orders/Down")
      up = channel.stream_unary("/shop.Orders/Up")
      both = channel.stream_stream("/shop.Orders/Both")
      large = channel.unary_unary("/shop.Orders/Large")
      def failure(call, *arguments, **named):
          try:
              answer = call(*arguments, **named)
              return list(answer) if hasattr(answer, "__next__") else answer
          except grpc.RpcError as fault:
              return fault.code().name + ": " + fault.details()
      \(body)
      """
    return try Command.run(GRPCLibrary.python, ["-c", program], in: folder).output
  }

  @Test func `Calls of all four kinds go through, with what goes before and behind them`() throws {
    defer { end() }
    let output = try run(
      gateway(),
      """
      answer, call = unary.with_call(b"abc", metadata=(("x-mine", "7"),))
      print(answer, dict(call.trailing_metadata())["x-seen"])
      print(list(down(b"3")))
      print(up(iter([b"a", b"b", b"c"])))
      print(list(both(iter([b"a", b"b"]))))
      print(failure(unary, b"fail"))
      print(len(large(b"5000000")), len(unary(b"y" * 3000000)))
      """)
    #expect(
      output == """
        b'<abc>' 7
        [b'0', b'1', b'2']
        b'a+b+c'
        [b'(a)', b'(b)']
        NOT_FOUND: no such thing: 100 %
        5000000 3000002

        """)
  }

  @Test func `A conversation goes back and forth at once`() throws {
    defer { end() }
    let output = try run(
      gateway(),
      """
      import queue
      said = queue.Queue()
      answers = both(iter(said.get, None))
      began = time.time()
      for number in range(50):
          said.put(b"%d" % number)
          assert next(answers) == b"(%d)" % number
      said.put(None)
      print(list(answers), time.time() - began < 2)
      """)
    #expect(output == "[] True\n", "\(output)")
  }

  @Test func `Many calls at once all get their answers`() throws {
    defer { end() }
    let output = try run(
      gateway(),
      """
      calls = [unary.future(b"%d" % number) for number in range(500)]
      print(all(call.result() == b"<%d>" % number for number, call in enumerate(calls)))
      """)
    #expect(output == "True\n", "\(output)")
  }

  @Test func `Refusals of the gateway are told in gRPC's own way`() throws {
    defer { end() }
    let gateway = try gateway(
      """
          policies: [{ api-key: { header: x-api-key } }]
          routes: [{ paths: [/shop.Orders] }]
      """)
    let output = try run(
      gateway,
      """
      print(failure(unary, b"abc"))
      print(failure(unary, b"abc", metadata=(("x-api-key", "\(Services.key)"),)))
      print(failure(channel.unary_unary("/other/Call"), b"abc"))
      """)
    let lines = output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("UNAUTHENTICATED: "), "\(output)")
    #expect(lines.last?.hasPrefix("UNIMPLEMENTED: ") == true && lines[1] == "b'<abc>'")
    let entries = try gateway.entries(3)
    #expect(entries.map { $0["status"] as? Int } == [401, 200, 404])
  }

  @Test func `An upstream that is gone is told so, and one that breaks off`() throws {
    let gateway = try gateway("    public: true\n    retries: { count: 0 }")
    let broken = try run(
      gateway,
      """
      import os
      answers = down(b"4")
      print(next(answers), next(answers), next(answers))
      os.kill(\(server.processIdentifier), 9)
      print(failure(lambda: next(answers)))
      print(failure(unary, b"abc"))
      """)
    let lines = broken.split(separator: "\n")
    #expect(lines.count == 3 && lines.first == "b'0' b'1' b'2'", "\(broken)")
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("UNAVAILABLE: ") }, "\(broken)")
    end()
  }

  @Test func `A deadline that the caller names ends the call, on both sides`() throws {
    defer { end() }
    let gateway = try gateway()
    // Spoken by hand: the library would not wait for what the gateway says.
    let program = """
      import h2.connection, h2.config, h2.events, socket, time
      def call(timeout, content=b"\\0\\0\\0\\0\\5sleep", path="/shop.Orders/Unary"):
          sock = socket.create_connection(("127.0.0.1", \(gateway.port)))
          sock.settimeout(15)
          conn = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
          conn.initiate_connection()
          began = time.time()
          conn.send_headers(1, [(":method", "POST"), (":scheme", "http"), (":path", path),
              (":authority", "a"), ("te", "trailers"), ("content-type", "application/grpc"),
              ("grpc-timeout", timeout)])
          conn.send_data(1, content, end_stream=True)
          sock.sendall(conn.data_to_send())
          seen = {}
          while True:
              for event in conn.receive_data(sock.recv(65536)):
                  if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                      seen.update(dict(event.headers))
                  if isinstance(event, h2.events.StreamEnded):
                      return (seen[":status"], seen["content-type"], seen["grpc-status"],
                              time.time() - began < 2)
                  if isinstance(event, h2.events.StreamReset):
                      return "reset", event.error_code
              sock.sendall(conn.data_to_send())
      print(call("300m"), call("1n"), call("soon"), call("123456789S"))
      print(call("99999999H", b"\\0\\0\\0\\0\\3abc"))
      print(call("400m", b"\\0\\0\\0\\0\\1" + b"4", "/shop.Orders/Down"))
      """
    let output = try Command.run(
      URL(filePath: "/usr/bin/python3"), ["-c", program], in: folder
    ).output
    let late = "('200', 'application/grpc', '4', True)"
    let bad = "('200', 'application/grpc', '13', True)"
    #expect(
      output == """
        \(late) \(late) \(bad) \(bad)
        ('200', 'application/grpc', '0', True)
        \(late)

        """, "\(output)")
  }

  @Test func `A caller that leaves has the upstream's call end`() throws {
    defer { end() }
    let gateway = try gateway()
    let output = try run(
      gateway,
      """
      call = down(b"4")
      print(next(call))
      call.cancel()
      print(unary(b"abc"))
      """)
    #expect(output == "b'0'\nb'<abc>'\n", "\(output)")
  }

  @Test func `An upstream is asked by gRPC's own health check`() throws {
    defer { end() }
    let health =
      "health: { kind: grpc, service: shop.Orders, interval: 1s, unhealthy: 1, healthy: 1 }"
    let gateway = try gateway("    public: true\n    \(health)")
    #expect(try run(gateway, "print(unary(b'abc'))") == "b'<abc>'\n")
    try Data().write(to: folder.appending(path: "unwell"))
    try Waiting.until("the answer") { gateway.messages.contains("it says that it is in state 2") }
    let unknown = try self.gateway(
      "    public: true\n    health: { kind: grpc, service: other, interval: 1s, unhealthy: 1 }")
    try Waiting.until("the answer") { unknown.messages.contains("the answer has gRPC's status 5") }
    let whole = try self.gateway(
      "    public: true\n    health: { kind: grpc, interval: 1s, unhealthy: 1 }")
    #expect(try run(whole, "time.sleep(1.5)\nprint(unary(b'abc'))") == "b'<abc>'\n")
    #expect(!whole.messages.contains("gets no requests"), "\(whole.messages)")
  }

  @Test func `Calls of gRPC-Web become calls of gRPC, in both of its forms`() throws {
    defer { end() }
    let gateway = try gateway(
      "    public: true\n    grpc-web: true", listener: "    http2: prior-knowledge")
    let program = """
      import base64, struct, httpx
      def call(http2, text, path, content, type="application/grpc-web"):
          frame = b"\\0" + struct.pack(">I", len(content)) + content
          type += "-text+proto" if text else "+proto"
          with httpx.Client(http1=not http2, http2=http2, timeout=20) as client:
              answer = client.post("http://127.0.0.1:\(gateway.port)/shop.Orders/" + path,
                  content=base64.b64encode(frame) if text else frame,
                  headers={"content-type": type, "x-grpc-web": "1"})
          body = answer.content
          if text:
              body = b"".join(base64.b64decode(body[at:at + 4]) for at in range(0, len(body), 4))
          parts = []
          while body:
              kind, count = struct.unpack(">BI", body[:5])
              part = body[5:5 + count]
              parts.append((kind, part if len(part) < 100 else len(part)))
              body = body[5 + count:]
          assert answer.headers["content-type"] == type[:-6], answer.headers
          return answer.status_code, parts, answer.headers.get("grpc-status")
      for http2 in (False, True):
          for text in (False, True):
              print(call(http2, text, "Unary", b"abc"))
              print(call(http2, text, "Down", b"2"))
              print(call(http2, text, "Large", b"200000"))
              print(call(http2, text, "Unary", b"fail")[2])
      """
    let output = try Command.run(
      URL(filePath: "/usr/bin/python3"), ["-c", program], in: folder
    ).output
    let lines = output.split(separator: "\n")
    #expect(lines.count == 16, "\(output)")
    for start in stride(from: 0, to: lines.count, by: 4) {
      #expect(
        lines[start].contains("(200, [(0, b'<abc>'), (128, b'")
          && lines[start].contains("grpc-status: 0"))
      #expect(lines[start + 1].contains("[(0, b'0'), (0, b'1'), (128, "))
      #expect(lines[start + 2].contains("[(0, 200000), (128, "))
      #expect(lines[start + 3] == "5", "\(output)")
    }
  }

  @Test func `What of gRPC-Web cannot be read is refused, and in a way that it knows`() throws {
    defer { end() }
    let gateway = try gateway("    public: true\n    grpc-web: true")
    func post(_ type: String, _ body: String, _ path: String = "/shop.Orders/Unary") throws
      -> Answer
    {
      try gateway.client().request(
        "POST", path, ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"], body: body)
    }
    let bad = try post("application/grpc-web-text", "AAA!")
    #expect(bad.status == 200 && bad.fields["grpc-status"] == "13", "\(bad)")
    #expect(bad.fields["content-type"] == "application/grpc-web-text")
    // What is no call stays what it is.
    let other = try post("application/grpc-webbing", "AAAA")
    #expect(other.status != 200 || other.fields["grpc-status"] == nil, "\(other)")
  }
}
