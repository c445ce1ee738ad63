import Scanner
import Testing

/// Targets that die, hang, lie about lengths, send elsewhere or never end: the scan ends, and says
/// what it did not test.
@Suite(.serialized) struct HostileTargetTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Odd, version: "1" }
    servers: [{ url: "http://192.0.2.1/elsewhere" }]
    paths:
      /a: { get: { parameters: [{ name: q, in: query, schema: { type: string } }] } }
      /b: { get: { parameters: [{ name: q, in: query, schema: { type: string } }] } }
      /c: { post: { requestBody: { content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } } } } }
    """

  private static let program =
    PythonServer.frame + #"""
      mode = sys.argv[1]; count = 0; away = None
      if mode == 'away':
          class Other(http.server.BaseHTTPRequestHandler):
              def do_GET(self): os._exit(9)
              do_POST = do_GET
          other = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Other)
          threading.Thread(target=other.serve_forever, daemon=True).start()
          away = 'http://127.0.0.1:%d/' % other.server_port
      def route(h, m, p, q, b):
          global count; count += 1
          if mode == 'dies' and count > 25: os._exit(0)
          if mode == 'hangs' and count > 12: time.sleep(600)
          if mode == 'hangs-in-one' and p == ['a']: time.sleep(600)
          if mode == 'away': return h.say(302, None, [('Location', away)])
          if mode == 'short' and p == ['a']:
              h.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"a": 1}')
              h.wfile.flush(); h.close_connection = True; return
          if mode == 'long' and p == ['a']:
              h.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\nmore and more')
              h.wfile.flush(); h.close_connection = True; return
          if mode == 'odd' and p == ['a']:
              h.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 7\r\n\r\n{"a":1}')
              h.wfile.flush(); h.close_connection = True; return
          if mode == 'endless' and p == ['a']:
              h.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
              piece = b'10000\r\n' + b'x' * 65536 + b'\r\n'
              try:
                  while True: h.wfile.write(piece)
              except OSError: pass
              h.close_connection = True; return
          h.say(200, {'text': b.get('text', 'plain')})
      serve()
      """#

  private func report(_ mode: String) async throws -> ScanReport {
    let server = try PythonServer(HostileTargetTests.program, [mode])
    let report = try await Scanning.report(
      HostileTargetTests.description, server.target, nil
    ) {
      $0.answerMilliseconds = 300
      $0.basePath = ""
    }
    return report
  }

  @Test func `A target that dies ends the scan, which says what was not run`() async throws {
    let report = try await report("dies")
    #expect(report.isGone)
    #expect(report.assumptions.contains { $0.hasPrefix("the target stopped answering") })
    #expect(report.assumptions.contains { $0.hasPrefix("not run: ") })
    #expect(report.requestCount < 60)
    #expect(report.html.contains("the target stopped answering"))
    #expect(report.json.contains("\"target_gone\":true"))
  }

  @Test func `A target that hangs ends the scan in a few waits`() async throws {
    let report = try await report("hangs")
    #expect(report.isGone)
    #expect(report.milliseconds < 20_000)
  }

  @Test func `An operation that hangs is left alone, and the others are tested`() async throws {
    let report = try await report("hangs-in-one")
    #expect(!report.isGone)
    #expect(report.assumptions.contains { $0.contains("GET /a") && $0.contains("left alone") })
    #expect(report.coverage.first { $0.place == "GET /b" }?.isReached == true)
    #expect(report.coverage.first { $0.place == "GET /a" }?.isReached == false)
  }

  @Test(arguments: ["short", "long", "odd", "endless"])
  func `Answers that lie about their length or never end harm nobody else`(
    mode: String
  ) async throws {
    let report = try await report(mode)
    #expect(!report.isGone)
    #expect(report.findings.isEmpty)
    #expect(report.coverage.first { $0.place == "GET /b" }?.isReached == true)
    if mode != "long" {
      #expect(report.coverage.first { $0.place == "GET /a" }?.isReached == false)
    }
  }

  /// Whatever is asked at the other address ends the server, and so would the scan.
  @Test func `No redirect is followed, and no other server asked`() async throws {
    let report = try await report("away")
    #expect(!report.isGone)
    #expect(report.findings.isEmpty)
    #expect(report.reachedCount == 0)
  }
}
