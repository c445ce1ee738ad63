import Foundation

/// An upstream that speaks HTTP/2 by Python's `h2`, right and wrong, as the path asks for.
///
/// Most paths are answered with the request as it arrived, then its content; `/stats` tells of the
/// connections, and how many streams were open at once.
final class HTTP2Upstream {
  let port: UInt16
  let folder: URL
  private let process = Process()

  /// Starts it; with `certificate` and `key` it speaks TLS, and agrees on `protocols`.
  init(
    streamsMax: Int = 100, certificate: String = "", key: String = "", protocols: String = "h2",
    port: UInt16? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "h2-upstream-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.port = try port ?? Socket.freePort()
    try Data(HTTP2Upstream.program.utf8).write(to: folder.appending(path: "server.py"))
    try Data().write(to: folder.appending(path: "messages"))
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [
      "server.py", "\(self.port)", "\(streamsMax)", certificate, key, protocols,
    ]
    process.currentDirectoryURL = folder
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "messages"))
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let ready = folder.appending(path: "ready").path
    try Waiting.until("the upstream") {
      FileManager.default.fileExists(atPath: ready) || !process.isRunning
    }
  }

  deinit {
    kill(process.processIdentifier, SIGCONT)
    kill(process.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// What it has to say of itself.
  var messages: String {
    (try? String(contentsOf: folder.appending(path: "messages"), encoding: .utf8)) ?? ""
  }

  private static let program = """
    import json, os, socket, ssl, sys, threading, time
    from h2.connection import H2Connection
    from h2.config import H2Configuration
    from h2.settings import Settings, SettingCodes
    import h2.events, h2.errors, h2.exceptions

    PORT, MOST, CERT, KEY, PROTOCOLS = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]
    lock = threading.Lock()
    stats = {"connections": 0, "open": 0, "most": 0, "requests": 0, "resets": 0}
    counts = {}

    def frame(kind, flags, stream, payload=b""):
        return (len(payload).to_bytes(3, "big") + bytes([kind, flags])
                + stream.to_bytes(4, "big") + payload)

    def raw(name, stream):
        if name == "ping": return frame(6, 0, 0, b"12345678") * 100_000
        if name == "settings": return frame(4, 0, 0) * 100_000
        if name == "priority": return frame(2, 0, stream, b"\\0\\0\\0\\0\\1") * 100_000
        if name == "unknown": return frame(99, 0, 0, b"x") * 100_000
        if name == "empty": return frame(1, 4, stream, b"\\x88") + frame(0, 0, stream) * 100_000
        if name == "continuation":
            return frame(1, 0, stream, b"\\x88") + frame(9, 0, stream) * 100_000
        if name == "large-block":
            return frame(1, 0, stream, b"\\x88") + frame(9, 0, stream, b"\\x00" * 16384) * 1000
        if name == "bomb":
            field = b"\\x40\\x01a\\x7f\\x80\\x1e" + b"b" * 3967
            return frame(1, 4, stream, b"\\x88" + field + b"\\xbe" * 12_000)
        if name == "resize": return frame(1, 4, stream, b"\\x3f\\xe1\\xff\\x03\\x88")
        if name == "push": return frame(5, 4, stream, b"\\0\\0\\0\\2\\x82\\x86\\x84")
        if name == "idle": return frame(0, 0, stream + 100, b"x")
        if name == "even": return frame(1, 5, 2, b"\\x88")
        if name == "data-first": return frame(0, 1, stream, b"x")
        if name == "no-status": return frame(1, 5, stream, b"\\x76\\x01x")
        if name == "two-status": return frame(1, 5, stream, b"\\x88\\x88")
        if name == "capital": return frame(1, 5, stream, b"\\x88\\x00\\x01A\\x01b")
        if name == "connection": return frame(1, 5, stream, b"\\x88\\x00\\x0aconnection\\x05close")
        if name == "crlf": return frame(1, 5, stream, b"\\x88\\x00\\x01a\\x03b\\r\\n")
        if name == "switch": return frame(1, 4, stream, b"\\x08\\x03101")
        if name == "interim": return frame(1, 4, stream, b"\\x08\\x03103") * 1000
        if name == "long":
            return frame(1, 4, stream, b"\\x88\\x0f\\x0d\\x011") + frame(0, 1, stream, b"abc")
        if name == "short":
            return frame(1, 4, stream, b"\\x88\\x0f\\x0d\\x019") + frame(0, 1, stream, b"abc")
        if name == "overflow": return frame(8, 0, 0, b"\\x7f\\xff\\xff\\xff")
        if name == "huge-frame": return (1 << 20).to_bytes(3, "big") + b"\\0\\0\\0\\0\\0\\1" + b"x"
        if name == "enable-push": return frame(4, 0, 0, b"\\0\\2\\0\\0\\0\\1")

    class Served(threading.Thread):
        def __init__(self, sock):
            super().__init__(daemon=True)
            self.sock, self.out, self.requests = sock, {}, {}

        def run(self):
            try:
                self.serve()
            except (OSError, h2.exceptions.ProtocolError) as fault:
                print("ended:", repr(fault), file=sys.stderr, flush=True)
            finally:
                with lock:
                    stats["open"] -= len(self.requests)
                self.sock.close()

        def serve(self):
            self.conn = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
            self.conn.local_settings = Settings(client=False, initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: MOST,
                SettingCodes.INITIAL_WINDOW_SIZE: 65535})
            self.conn.initiate_connection()
            self.flush()
            while True:
                data = self.sock.recv(65536)
                if not data:
                    return
                for event in self.conn.receive_data(data):
                    self.handle(event)
                self.flush()

        def flush(self):
            for stream in list(self.out):
                self.pump(stream)
            data = self.conn.data_to_send()
            if data:
                self.sock.sendall(data)

        def handle(self, event):
            stream = getattr(event, "stream_id", 0)
            if isinstance(event, h2.events.RequestReceived):
                with lock:
                    stats["requests"] += 1
                    stats["open"] += 1
                    stats["most"] = max(stats["most"], stats["open"])
                self.requests[stream] = {"head": event.headers, "body": b"", "trailers": []}
                self.begun(stream, dict(event.headers)[":path"])
            elif isinstance(event, h2.events.DataReceived):
                if stream in self.requests:
                    self.conn.acknowledge_received_data(event.flow_controlled_length, stream)
                    self.requests[stream]["body"] += event.data
            elif isinstance(event, h2.events.TrailersReceived):
                self.requests[stream]["trailers"] = event.headers
            elif isinstance(event, h2.events.StreamEnded):
                if stream in self.requests:
                    self.whole(stream)
            elif isinstance(event, h2.events.StreamReset):
                with lock:
                    stats["resets"] += 1
                self.over(stream)

        def over(self, stream):
            if self.requests.pop(stream, None) is not None:
                with lock:
                    stats["open"] -= 1
            self.out.pop(stream, None)

        def begun(self, stream, target):
            path = target.split("?")[0]
            if path.startswith("/raw/"):
                self.conn.data_to_send()
                self.sock.sendall(raw(path[5:], stream))
            elif path == "/early":
                self.conn.send_headers(stream, [(":status", "403")], end_stream=True)
                try:
                    self.conn.reset_stream(stream, 0)
                except h2.exceptions.StreamClosedError:
                    pass
                self.over(stream)
            elif path.startswith("/reset/"):
                with lock:
                    counts[path] = counts.get(path, 0) + 1
                self.conn.reset_stream(stream, int(path.split("/")[2]))
                self.over(stream)
            elif path.startswith("/once/"):
                with lock:
                    counts[path] = counts.get(path, 0) + 1
                    first = counts[path] == 1
                if first:
                    self.conn.reset_stream(stream, int(path.split("/")[2]))
                    self.over(stream)
            elif path.startswith("/goaway"):
                with lock:
                    counts[path] = counts.get(path, 0) + 1
                    first = counts[path] == 1
                if first:
                    self.flush()
                    self.sock.sendall(frame(7, 0, 0, (stream - 2 if stream > 2 else 0)
                                            .to_bytes(4, "big") + b"\\0\\0\\0\\0"))
                    self.over(stream)

        def whole(self, stream):
            request = self.requests[stream]
            path = dict(request["head"])[":path"].split("?")[0]
            if path.startswith("/stats"):
                body = json.dumps(stats).encode()
            elif path.startswith("/large"):
                body = b"0123456789abcdef" * (int(path.split("/")[2]) // 16)
            elif path.startswith("/slow"):
                time.sleep(0.3)
                body = b"slow"
            elif path.startswith("/events"):
                return self.events(stream)
            elif path.startswith(("/raw/", "/silent")):
                return
            else:
                lines = ["%s: %s" % field for field in request["head"]]
                body = "\\n".join(lines).encode() + b"\\n\\n" + request["body"]
            head = [(":status", "200"), ("content-type", "text/plain")]
            if path.startswith("/length"):
                head.append(("content-length", str(len(body))))
            if path.startswith("/empty"):
                return self.answer(stream, head, None, [])
            trailers = []
            if path.startswith("/trailers"):
                trailers = [("x-sum", "42"), ("grpc-status", "0")]
                trailers += [("x-got-" + name, value) for name, value in request["trailers"]]
            self.answer(stream, head, body, trailers)

        def events(self, stream):
            self.conn.send_headers(stream, [(":status", "200"),
                                            ("content-type", "text/event-stream")])
            self.sock.sendall(self.conn.data_to_send())
            for number in range(5):
                # Each is said only once the client has got the one before.
                while number > 0 and not os.path.exists("heard-%d" % (number - 1)):
                    time.sleep(0.002)
                self.conn.send_data(stream, b"data: %d\\n\\n" % number)
                self.sock.sendall(self.conn.data_to_send())
            self.conn.end_stream(stream)
            self.over(stream)

        def answer(self, stream, head, body, trailers):
            self.conn.send_headers(stream, head, end_stream=body is None)
            if body is None:
                return self.over(stream)
            self.out[stream] = [body, trailers]

        def pump(self, stream):
            body, trailers = self.out[stream]
            at = 0
            while at < len(body):
                room = min(self.conn.local_flow_control_window(stream), 16384)
                if room <= 0:
                    self.out[stream][0] = body[at:]
                    return
                part = body[at:at + room]
                at += len(part)
                self.conn.send_data(stream, part, end_stream=at == len(body) and not trailers)
                if at % (1 << 18) < 16384:
                    self.sock.sendall(self.conn.data_to_send())
            if trailers:
                self.conn.send_headers(stream, trailers, end_stream=True)
            elif not body:
                self.conn.send_data(stream, b"", end_stream=True)
            self.over(stream)

    listener = socket.create_server(("127.0.0.1", PORT), backlog=200)
    context = None
    if CERT:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERT, KEY)
        context.set_alpn_protocols(PROTOCOLS.split(","))
    open("ready", "w").close()
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with lock:
            stats["connections"] += 1
        if context:
            try:
                sock = context.wrap_socket(sock, server_side=True)
            except (OSError, ssl.SSLError) as fault:
                print("tls:", repr(fault), file=sys.stderr, flush=True)
                continue
        Served(sock).start()
    """
}
