import Client
import Crypto
import Foundation
import Scanner
import TLS
import Testing

/// Identities that prove themselves in each way, against servers that demand it.
@Suite(.serialized) struct IdentityKindTests {
  private static func description(_ scheme: String) -> String {
    """
    openapi: 3.0.3
    info: { title: Notes, version: "1" }
    security: [{ way: [] }]
    components: { securitySchemes: { way: \(scheme) } }
    paths:
      /me: { get: {} }
      /notes:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } } } }
      /notes/{note_id}:
        parameters: [{ name: note_id, in: path, required: true, schema: { type: integer } }]
        get: {}
    """
  }

  /// Notes that anybody who is signed in may read, whoever wrote them.
  private static let program =
    PythonServer.frame + #"""
      import base64
      mode = sys.argv[1]; tokens = {}; notes = []; issued = {'A': 0, 'B': 0}; used = {}
      secrets_of = {'A': 's-apple', 'B': 's-berry'}
      def issue(who):
          issued[who] += 1; t = secrets.token_hex(16); tokens[t] = who; return t
      def caller(h):
          if mode == 'mtls': return h.connection.getpeercert()['subject'][0][0][1] if h.connection.getpeercert() else None
          if mode == 'cookie':
              jar = dict(c.strip().split('=', 1) for c in (h.headers.get('Cookie') or '').split(';') if '=' in c)
              return tokens.get(jar.get('sid'))
          if mode == 'short':
              used[h.bearer] = used.get(h.bearer, 0) + 1
              if used[h.bearer] > 25: return None
          return tokens.get(h.bearer)
      def route(h, m, p, q, b):
          if p == ['token'] and m == 'POST':
              name, secret = b.get('client_id'), b.get('client_secret')
              basic = (h.headers.get('Authorization') or '')
              if basic.startswith('Basic '): name, secret = base64.b64decode(basic[6:]).decode().split(':', 1)
              if b.get('grant_type') == 'password': name, secret = b.get('username'), b.get('password')
              if b.get('grant_type') == 'refresh_token': name, secret = ('A', 's-apple') if b.get('refresh_token') == 'again-A' else (None, None)
              if secrets_of.get(name) != secret: return h.say(401, {'error': 'invalid_client'})
              return h.say(200, {'access_token': issue(name), 'token_type': 'Bearer', 'expires_in': 2})
          if p == ['login'] and m == 'POST':
              if secrets_of.get(b.get('user')) != b.get('pin'): return h.say(401, {'error': 'no'})
              return h.say(200, {'ok': True}, [('Set-Cookie', 'sid=%s; Path=/; HttpOnly' % issue(b['user'])), ('Set-Cookie', 'theme=dark')])
          me = caller(h)
          if me is None: return h.say(401, {'error': 'sign in'})
          if p == ['me']: return h.say(200, {'name': me})
          if p == ['notes'] and m == 'POST':
              with lock: notes.append(str(b.get('text'))); return h.say(201, {'id': len(notes), 'text': notes[-1]})
          if len(p) == 2 and p[0] == 'notes' and p[1].isdigit() and 0 < int(p[1]) <= len(notes): return h.say(200, {'id': int(p[1]), 'text': notes[int(p[1]) - 1]})
          h.say(404, {'error': 'none'})
      if mode == 'mtls':
          c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[2] + '/server.pem', sys.argv[2] + '/server.key')
          c.load_verify_locations(sys.argv[2] + '/ca.pem'); c.verify_mode = ssl.CERT_REQUIRED; serve(c)
      serve()
      """#

  private static let bearer = "{ type: http, scheme: bearer }"
  private static let hole = "bola-read GET /notes/{note_id}"

  private func found(
    _ mode: String, _ scheme: String, _ identities: String
  ) async throws -> (Set<String>, ScanReport) {
    let server = try PythonServer(IdentityKindTests.program, [mode])
    let report = try await Scanning.report(
      IdentityKindTests.description(scheme), server.target, identities)
    return (Scanning.found(report), report)
  }

  @Test func `Grants of OAuth bring tokens, with the secret in a field or in the content`()
    async throws
  {
    let people = """
      identities:
        - { name: A, oauth: { token: /token, client: A, secret: s-apple } }
        - { name: B, oauth: { token: /token, client: B, secret: s-berry, in: body } }
      """
    let (found, report) = try await found("oauth", IdentityKindTests.bearer, people)
    #expect(found.contains(IdentityKindTests.hole))
    #expect(!report.json.contains("s-apple"))
    let words = """
      identities:
        - { name: A, oauth: { token: /token, grant: refresh-token, refresh-token: again-A } }
        - { name: B, oauth: { token: /token, username: B, password: s-berry } }
      """
    #expect(
      try await self.found("oauth", IdentityKindTests.bearer, words).0
        .contains(IdentityKindTests.hole))
  }

  @Test func `A cookie that a login sets is sent, whatever its name`() async throws {
    let people = """
      identities:
        - { name: A, login: { request: POST /login, body: { user: A, pin: s-apple } } }
        - { name: B, login: { request: POST /login, body: { user: B, pin: s-berry } } }
      """
    let scheme = "{ type: apiKey, in: cookie, name: sid }"
    #expect(try await found("cookie", scheme, people).0.contains(IdentityKindTests.hole))
  }

  @Test func `A session that is lost is renewed, and the scan goes on`() async throws {
    let people = """
      identities:
        - { name: A, oauth: { token: /token, client: A, secret: s-apple } }
        - { name: B, oauth: { token: /token, client: B, secret: s-berry } }
      """
    let (found, report) = try await found("short", IdentityKindTests.bearer, people)
    #expect(found.contains(IdentityKindTests.hole))
    #expect(report.assumptions.contains { $0.contains("lost its session") })
  }

  @Test func `Certificates tell identities apart`() async throws {
    let files = try Certificates(clients: ["A", "B"])
    let server = try PythonServer(IdentityKindTests.program, ["mtls", files.folder.path])
    let people = "identities: [{ name: A }, { name: B }]"
    var job = try ScanJob(
      description: Array(IdentityKindTests.description("{ type: mutualTLS }").utf8),
      named: "api.yaml", identities: Array(people.utf8),
      target: "https://127.0.0.1:\(server.port)", client: files.client(nil))
    for place in job.identities.indices {
      job.identities[place].client = try files.client(job.identities[place].name)
    }
    let report = try await job.run(now: { 0 })
    #expect(Scanning.found(report).contains(IdentityKindTests.hole))
  }

  @Test func `A wrong secret ends the scan`() async throws {
    let people = "identities: [{ name: A, oauth: { token: /token, client: A, secret: wrong } }]"
    await #expect(throws: ScanError.self) {
      _ = try await found("oauth", IdentityKindTests.bearer, people)
    }
  }
}
