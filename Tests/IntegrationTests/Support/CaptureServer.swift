import Foundation

/// A server of Python's that keeps each request that it gets in a folder: `N.head` and `N.body`. It
/// answers with what stands in the file `status`, 200 if there is none.
final class CaptureServer {
  let port: Int
  let folder: URL
  private let process = Process()

  private static let script = """
    import http.server, os, sys
    folder = sys.argv[2]
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        count = 0
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get('content-length', 0)))
            try: status = int(open(folder + '/status').read())
            except Exception: status = 200
            if status < 300:
                Handler.count += 1
                name = '%s/%06d' % (folder, Handler.count)
                open(name + '.body', 'wb').write(body)
                head = self.path + '\\n' + ''.join('%s: %s\\n' % (k.lower(), v) for k, v in self.headers.items())
                open(name + '.tmp', 'w').write(head)
                os.rename(name + '.tmp', name + '.head')
            self.send_response(status)
            self.send_header('content-length', '0')
            self.end_headers()
        def log_message(self, *args): pass
    http.server.ThreadingHTTPServer.daemon_threads = True
    http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
    """

  /// One request that was kept.
  struct Request {
    let target: String
    let fields: [String: String]
    let body: Data
  }

  /// A server that listens; on a port of its own unless one is named.
  init(port: Int? = nil) throws {
    self.port = try port ?? Int(Socket.freePorts().0)
    folder = FileManager.default.temporaryDirectory.appending(path: "capture-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", CaptureServer.script, "\(self.port)", folder.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try Waiting.until("the capture server") { (try? Client(port: UInt16(self.port))) != nil }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Answers with this status from now on; requests that are refused are not kept.
  func answer(_ status: Int) throws {
    try Data("\(status)".utf8).write(to: folder.appending(path: "status"))
  }

  /// All requests so far, in order.
  var requests: [Request] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".head") }.sorted().compactMap { name in
      let path = folder.appending(path: name)
      guard let head = try? String(contentsOf: path, encoding: .utf8),
        let body = try? Data(
          contentsOf: path.deletingPathExtension().appendingPathExtension("body"))
      else { return nil }
      let lines = head.split(separator: "\n")
      var fields: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1).map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        fields[parts[0]] = parts.count > 1 ? parts[1] : ""
      }
      return Request(target: String(lines.first ?? ""), fields: fields, body: body)
    }
  }
}
