import Scanner
import Testing

/// Tokens with a public key, and reports that a query names.
@Suite(.serialized) struct TokenKeyTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Garage, version: "1" }
    security: [{ token: [] }]
    components: { securitySchemes: { token: { type: http, scheme: bearer } } }
    paths:
      /login: { post: { security: [], requestBody: { content: { application/json: { schema: { type: object, properties: { name: { type: string }, password: { type: string } } } } } } } }
      /me: { get: {} }
      /complaints:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } } } }
      /report:
        get: { parameters: [{ name: report_id, in: query, required: true, schema: { type: string } }] }
    """

  private static let identities = """
    identities:
      - { name: A, login: { request: POST /login, body: { name: ann, password: apple-1 }, token: token } }
      - { name: B, login: { request: POST /login, body: { name: bob, password: berry-2 }, token: token } }
    """

  private static let program =
    PythonServer.frame + #"""
      import base64, hashlib, hmac, subprocess, tempfile, urllib.request
      mode = sys.argv[1]; users = {'ann': 'apple-1', 'bob': 'berry-2'}; issued = {}; reports = []; fails = {}
      d = tempfile.mkdtemp()
      def run(*a, data=None): return subprocess.run(a, input=data, capture_output=True).stdout
      run('openssl', 'genrsa', '-out', d + '/k', '2048')
      pem = run('openssl', 'rsa', '-in', d + '/k', '-pubout')
      n = bytes.fromhex(run('openssl', 'rsa', '-in', d + '/k', '-noout', '-modulus').decode().strip().split('=')[1])
      b64 = lambda b: base64.urlsafe_b64encode(b).rstrip(b'=').decode()
      un = lambda s: base64.urlsafe_b64decode(s + '=' * (-len(s) % 4))
      def issue(who):
          s = b64(json.dumps({'alg': 'RS256', 'typ': 'JWT'}).encode()) + '.' + b64(json.dumps({'sub': who, 'exp': int(time.time()) + 9000}).encode())
          t = s + '.' + b64(run('openssl', 'dgst', '-sha256', '-sign', d + '/k', data=s.encode())); issued[t] = who; return t
      def caller(t):
          if t in issued: return issued[t]
          try: a, c, s = t.split('.'); head = json.loads(un(a))
          except Exception: return None
          if mode == 'jku' and isinstance(head.get('jku'), str):
              try: urllib.request.build_opener(urllib.request.ProxyHandler({})).open(head['jku'], timeout=2).read()
              except Exception: pass
          if mode == 'confused' and head.get('alg') == 'HS256' and hmac.compare_digest(s, b64(hmac.new(pem, (a + '.' + c).encode(), hashlib.sha256).digest())): return json.loads(un(c))['sub']
      def route(h, m, p, q, b):
          if p == ['.well-known', 'jwks.json']: return h.say(200, {'keys': [{'kty': 'RSA', 'n': b64(n), 'e': 'AQAB'}]})
          if p == ['login'] and m == 'POST':
              k = str(b.get('name'))
              if fails.get(k, 0) >= 8: return h.say(429, {'error': 'too many'})
              if users.get(k) == b.get('password'): return h.say(200, {'token': issue(k)})
              fails[k] = fails.get(k, 0) + 1; return h.say(401, {'error': 'no'})
          me = caller(h.bearer)
          if me is None: return h.say(401, {'error': 'sign in'})
          if p == ['me']: return h.say(200, {'name': me})
          if p == ['complaints'] and m == 'POST':
              with lock: reports.append((me, str(b.get('text')))); return h.say(201, {'link': 'http://garage.example/report?report_id=%d' % len(reports)})
          if p == ['report']:
              i = q.get('report_id', '')
              if i.isdigit() and 0 < int(i) <= len(reports) and (mode == 'report' or reports[int(i) - 1][0] == me): return h.say(200, {'id': int(i), 'text': reports[int(i) - 1][1]})
          h.say(404, {'error': 'none'})
      serve()
      """#

  @Test(arguments: [
    ("sound", nil), ("confused", "jwt-unverified ANY"), ("jku", "jwt-unverified ANY"),
    ("report", "bola-read GET /report"),
  ])
  func `Public keys as secrets, keys from anywhere and reports by number are found`(
    mode: String, hole: String?
  ) async throws {
    let server = try PythonServer(TokenKeyTests.program, [mode])
    let report = try await Scanning.report(
      TokenKeyTests.description, server.target, TokenKeyTests.identities)
    #expect(Scanning.found(report) == Set([hole].compactMap(\.self)))
  }
}
