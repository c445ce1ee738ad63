import Foundation

/// A server of Python's standard library on a loopback port of its own choice.
final class PythonServer {
  let port: UInt16
  private let process = Process()

  /// Runs `program`, which prints the port that it listens on.
  init(_ program: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-c", program]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while !line.contains(0x0A) {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      line += piece
    }
    let digits = String(decoding: line, as: UTF8.self).prefix { $0.isNumber }
    port = UInt16(digits) ?? 0
  }

  // Waiting for the end would run a run loop on a thread of the concurrency pool.
  deinit { process.terminate() }

  /// An echo: says what it was sent, as a JSON-like text.
  static let echo = """
    import http.server
    class H(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def go(self):
            n = int(self.headers.get('Content-Length') or 0)
            body = self.rfile.read(n)
            out = (self.command + ' ' + self.path + '|' + self.headers.get('x-mark', '') + '|').encode() + body
            self.send_response(302 if 'away' in self.path else 200)
            self.send_header('Location', 'http://127.0.0.1:1/')
            if 'chunked' in self.path:
                self.send_header('Transfer-Encoding', 'chunked'); self.end_headers()
                for b in out: self.wfile.write(b'1\\r\\n' + bytes([b]) + b'\\r\\n')
                self.wfile.write(b'0\\r\\n\\r\\n')
            else:
                self.send_header('Content-Length', str(len(out))); self.end_headers()
                self.wfile.write(out)
        do_GET = do_POST = do_PURGE = go
        def log_message(self, *a): pass
    s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
    print(s.server_port)
    s.serve_forever()
    """

  /// One that answers every connection with the same bytes, and closes.
  static func fixed(_ bytes: String, closes: Bool = true) -> String {
    """
    import socket
    s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(9)
    print(s.getsockname()[1])
    held = []
    while True:
        c, _ = s.accept()
        c.recv(65536)
        c.sendall(\(bytes))
        if \(closes ? "True" : "False"): c.close()
        else: held.append(c)
    """
  }
}
