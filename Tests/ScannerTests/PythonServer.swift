import Foundation

/// A server on loopback, in Python, that prints its port on its first line.
final class PythonServer {
  let port: UInt16
  private let process = Process()
  private let output = Pipe()

  /// What every program begins with: a handler that reads JSON and forms, answers, and is told
  /// `route(method, path, query, body)`.
  static let frame = #"""
    import http.server, json, os, secrets, ssl, sys, threading, time, urllib.parse
    lock = threading.RLock(); log = []
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def say(self, code, value=None, fields=(), kind='application/json'):
            b = b'' if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response_only(code); self.send_header('Content-Type', kind)
            self.send_header('Content-Length', str(len(b)))
            for k, v in fields: self.send_header(k, v)
            self.end_headers(); self.wfile.write(b)
        def go(self):
            self.raw = self.rfile.read(int(self.headers.get('Content-Length') or 0)); kind = self.headers.get('Content-Type') or ''
            u = urllib.parse.urlsplit(self.path); q = dict(urllib.parse.parse_qsl(u.query, keep_blank_values=True))
            if 'urlencoded' in kind: body = dict(urllib.parse.parse_qsl(self.raw.decode()))
            elif 'multipart' in kind: body = {}
            else:
                try: body = json.loads(self.raw or b'{}')
                except ValueError: return self.say(400, {'error': 'no JSON'})
            if not isinstance(body, dict): return self.say(400, {'error': 'no object'})
            self.bearer = (self.headers.get('Authorization') or '').removeprefix('Bearer ')
            route(self, self.command, [urllib.parse.unquote(p) for p in u.path.split('/')[1:]], q, body)
        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_TRACE = go
        def log_message(self, *a): pass
    def serve(context=None):
        s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        if context: s.socket = context.wrap_socket(s.socket, server_side=True)
        print(s.server_port, flush=True); s.serve_forever()

    """#

  init(_ program: String, _ arguments: [String] = []) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-c", program] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    port = UInt16(PythonServer.line(of: output).prefix { $0.isNumber }) ?? 0
  }

  deinit { process.terminate() }

  var target: String { "http://127.0.0.1:\(port)" }

  /// The next line that it prints.
  func line() -> String { PythonServer.line(of: output) }

  private static func line(of output: Pipe) -> String {
    var line = Data()
    while !line.contains(0x0A) {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      line += piece
    }
    return String(decoding: line, as: UTF8.self)
  }
}
