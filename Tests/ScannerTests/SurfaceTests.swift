import Scanner
import Testing

@Suite(.serialized) struct SurfaceTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Pages, version: "1" }
    security: [{ token: [] }]
    components: { securitySchemes: { token: { type: http, scheme: bearer } } }
    paths:
      /login:
        post:
          security: []
          requestBody: { content: { application/json: { schema: { type: object, properties: { username: { type: string }, password: { type: string } } } } } }
      /me: { get: {} }
      /health: { get: { security: [] } }
      /links: { get: {} }
      /pages:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { title: { type: string } } } } } } }
      /pages/{page_id}:
        parameters: [{ name: page_id, in: path, required: true, schema: { type: integer } }]
        get: {}
      /pictures:
        post: { requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { file: { type: string, format: binary } } } } } } }
    """

  private static let identities = """
    identities:
      - { name: A, role: user, login: { request: POST /login, body: { username: ann, password: apple-1 }, token: token } }
      - { name: B, role: user, login: { request: POST /login, body: { username: bob, password: berry-2 }, token: token } }
    """

  private static let program =
    PythonServer.frame + #"""
      import base64, html, re
      mode = sys.argv[1]; users = {'ann': 'apple-1', 'bob': 'berry-2'}; tokens = {}; pages = []; files = {}; fails = {}
      def route(h, m, p, q, b):
          me = tokens.get(h.bearer); at = h.client_address[0]
          if mode == 'limit' and h.headers.get('X-Forwarded-For'): at = h.headers['X-Forwarded-For']
          if m == 'POST' and p == ['login']:
              n = str(b.get('username'))
              key = (n, at) if mode == 'limit' else n
              if fails.get(key, 0) >= 8: return h.say(429, {'error': 'too many'})
              if users.get(n) == b.get('password'):
                  t = base64.b64encode(n.encode()).decode() if mode == 'token' else secrets.token_hex(16)
                  tokens[t] = n; return h.say(200, {'token': t})
              fails[key] = fails.get(key, 0) + 1; return h.say(401, {'error': 'no'})
          if p == ['health']: return h.say(200, {'ok': True}, [('X-Powered-By', 'Frame 3.1')] if mode == 'tells' else [])
          if p[0] == 'files' and len(p) == 2 and p[1] in files:
              kind, data = files[p[1]]
              return h.say(200, data, [] if mode == 'upload' else [('Content-Disposition', 'attachment')], kind if mode == 'upload' else 'application/octet-stream')
          if me is None: return h.say(401, {'error': 'sign in'})
          if p == ['me']: return h.say(200, {'username': me})
          if p == ['links']:
              host = h.headers['Host'] if mode == 'host' else h.headers.get('X-Forwarded-Host', '127.0.0.1:%d' % h.server.server_port) if mode == 'forwarded' else '127.0.0.1:%d' % h.server.server_port
              return h.say(200, {'next': 'http://%s/links?page=2' % host})
          if p == ['pages'] and m == 'POST':
              if not isinstance(b.get('title'), str): return h.say(422, {'error': 'title'})
              with lock: pages.append((me, b['title'])); return h.say(201, {'id': len(pages), 'title': b['title']})
          if p[0] == 'pages' and len(p) == 2 and p[1].isdigit() and 0 < int(p[1]) <= len(pages) and pages[int(p[1]) - 1][0] == me:
              t = pages[int(p[1]) - 1][1]
              return h.say(200, '<!doctype html><h1>%s</h1>' % (t if mode == 'stored' else html.escape(t)), kind='text/html')
          if p == ['pictures'] and m == 'POST':
              found = re.search(rb'filename="([^"]+)"\r\nContent-Type: ([^\r]+)\r\n\r\n(.*?)\r\n--', h.raw, re.S)
              if not found: return h.say(422, {'error': 'file'})
              name = found[1].decode(); files[name] = (found[2].decode(), found[3].decode()); return h.say(201, {'url': '/files/' + name})
          h.say(404, {'error': 'none'})
      serve()
      """#

  private static let cases: [(mode: String, found: String)] = [
    ("host", "host-header-injection GET /links"),
    ("forwarded", "host-header-injection GET /links"),
    ("stored", "xss-stored GET /pages/{page_id}"),
    ("upload", "unrestricted-upload POST /pictures"),
    ("limit", "rate-limit-bypass POST /login"),
    ("token", "predictable-token ANY"),
    ("tells", "info-disclosure GET /health"),
  ]

  @Test func `Pages, links, files, limits and tokens that are sound are no findings`()
    async throws
  {
    let server = try PythonServer(SurfaceTests.program, ["sound"])
    let report = try await Scanning.report(
      SurfaceTests.description, server.target, SurfaceTests.identities)
    #expect(Scanning.found(report) == [])
    #expect(report.reachedCount == report.coverage.count)
  }

  @Test(arguments: cases)
  func `Each hole is found, alone, and found again`(mode: String, found: String) async throws {
    let server = try PythonServer(SurfaceTests.program, [mode])
    let report = try await Scanning.report(
      SurfaceTests.description, server.target, SurfaceTests.identities)
    #expect(Scanning.found(report) == [found])
    let other = try PythonServer(SurfaceTests.program, [mode])
    let again = try await Scanning.report(
      SurfaceTests.description, other.target, SurfaceTests.identities
    ) {
      $0.only = report.findings.first?.kind
      $0.place =
        report.findings.first.flatMap { $0.place == "ANY" ? nil : $0.place }
    }
    #expect(again.findings.map(\.id) == report.findings.map(\.id))
  }
}
