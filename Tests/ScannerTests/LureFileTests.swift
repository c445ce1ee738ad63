import Foundation
import Scanner
import Testing

/// What is asked for by a name that leads out of a folder must be nobody's loss.
@Suite struct LureFileTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Notes, version: "1" }
    paths:
      /notes:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [filename, content]
                  properties:
                    filename: { type: string, example: a.txt }
                    content: { type: string, example: hello }
      /show:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [file]
                  properties: { file: { type: string, example: a.txt } }
    """

  /// Keeps content under any name, as the service's root would, and writes down under which. What
  /// is shown is of the system, or was kept.
  private static let program =
    PythonServer.frame + #"""
      kept = {'/srv/notes/a.txt': 'hello'}; system = {'/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', '/proc/version': 'Linux version 6.1.0 (made up)'}
      def place(name): return os.path.normpath(os.path.join('/srv/notes', str(name)))
      def route(h, m, p, q, b):
          if m == 'POST' and p == ['notes']:
              if not isinstance(b.get('filename'), str): return h.say(400, {'error': 'filename'})
              to = place(b['filename'])
              with open(sys.argv[1], 'a') as f: f.write(to + '\n')
              if to.startswith('/proc/'): return h.say(500, {'error': 'not permitted'})
              kept[to] = str(b.get('content')); return h.say(201, {'filename': b['filename'], 'content': kept[to]})
          if m == 'POST' and p == ['show']:
              at = place(b.get('file'))
              if at in system: return h.say(200, {'text': system[at]})
              return h.say(200, {'text': kept[at]}) if at in kept else h.say(404, {'error': 'none'})
          h.say(404, {'error': 'nothing'})
      serve()
      """#

  @Test func `No file that could be written to is named to what may write`() async throws {
    let written = FileManager.default.temporaryDirectory.appending(path: "written-\(UUID())")
    defer { try? FileManager.default.removeItem(at: written) }
    let server = try PythonServer(LureFileTests.program, [written.path])
    let report = try await Scanning.report(LureFileTests.description, server.target)
    #expect(Scanning.found(report).contains("path-traversal POST /show"))
    let places = try String(contentsOf: written, encoding: .utf8).split(separator: "\n")
    #expect(!places.isEmpty)
    for place in places {
      #expect(place.hasPrefix("/srv/notes") || place.hasPrefix("/proc/"), "\(place)")
    }
  }
}
