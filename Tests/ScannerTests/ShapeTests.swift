import Scanner
import Testing

/// APIs of other shapes: contents in wrappers, tokens behind another word, names for identifiers,
/// catalogues that anybody may read; and calls by name, written down with one object's number.
@Suite(.serialized) struct ShapeTests {
  private static let wrapped = """
    openapi: 3.0.3
    info: { title: Articles, version: "1" }
    components:
      securitySchemes: { key: { type: apiKey, in: header, name: Authorization } }
      schemas:
        Person: { type: object, properties: { user: { type: object, properties: { username: { type: string }, email: { type: string }, password: { type: string } } } } }
        Change: { type: object, properties: { user: { type: object, properties: { username: { type: string }, email: { type: string }, bio: { type: string } } } } }
        Article: { type: object, properties: { article: { type: object, properties: { title: { type: string } } } } }
    security: [{ key: [] }]
    paths:
      /users: { post: { security: [], requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Person" } } } } } }
      /users/login: { post: { security: [], requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Person" } } } } } }
      /user:
        get: {}
        put: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Change" } } } } }
      /articles:
        get: { parameters: [{ name: author, in: query, schema: { type: string } }] }
        post: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Article" } } } } }
      /articles/{slug}:
        parameters: [{ name: slug, in: path, required: true, schema: { type: string } }]
        get: {}
        delete: {}
      /articles/{slug}/favorite:
        parameters: [{ name: slug, in: path, required: true, schema: { type: string } }]
        post: {}
      /run:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { body: { type: object, properties: { command: { type: string } } } } } } } } }
    """

  private static let people = """
    identities:
      - { name: A, login: { request: POST /users/login, body: { user: { email: ann@x.example, password: apple-1 } }, token: token } }
      - { name: B, login: { request: POST /users/login, body: { user: { email: bob@x.example, password: berry-2 } }, token: token } }
    """

  private static let articles =
    PythonServer.frame + #"""
      import subprocess
      sound = sys.argv[1] == 'sound'; tokens = {}; articles = {}; fails = {}
      users = {'ann@x.example': ['ann', 'apple-1', '', False], 'bob@x.example': ['bob', 'berry-2', '', False]}
      def show(u, t): return {'user': {'username': users[u][0], 'email': u, 'bio': users[u][2], 'admin': users[u][3], 'token': t}}
      def route(h, m, p, q, b):
          word, _, t = (h.headers.get('Authorization') or '').partition(' ')
          me = tokens.get(t) if word == 'Token' else None
          x = b.get('user'); x = x if isinstance(x, dict) else {}
          if p == ['users'] and m == 'POST':
              if not all(isinstance(x.get(k), str) for k in ('username', 'email', 'password')) or x['email'] in users: return h.say(422, {'errors': {'body': ['refused by us']}})
              users[x['email']] = [x['username'], x['password'], '', False]; return h.say(201, {'user': {'username': x['username']}})
          if p == ['users', 'login'] and m == 'POST':
              e = x.get('email')
              if fails.get(e, 0) >= 8: return h.say(429, {'errors': {'body': ['too many of them']}})
              if e in users and users[e][1] == x.get('password'):
                  t = secrets.token_hex(16); tokens[t] = e; return h.say(200, show(e, t))
              fails[e] = fails.get(e, 0) + 1; return h.say(401, {'errors': {'body': ['wrong by us']}})
          if p[0] == 'articles' and m == 'GET':
              if len(p) == 1: return h.say(200, {'articles': [a for a in list(articles.values())[:30] if q.get('author') in (None, a['author'])], 'count': len(articles)})
              return h.say(200, {'article': articles[p[1]]}) if p[1] in articles else h.say(404, {'errors': {}})
          if me is None: return h.say(403, {'errors': {'body': ['sign in first']}})
          if p == ['user']:
              if m == 'PUT':
                  for k, i in (('username', 0), ('bio', 2)):
                      if isinstance(x.get(k), str): users[me][i] = x[k]
                  if not sound and isinstance(x.get('admin'), bool): users[me][3] = x['admin']
              return h.say(200, show(me, t))
          if p == ['articles'] and m == 'POST':
              a = b.get('article'); title = a.get('title') if isinstance(a, dict) else None
              if not isinstance(title, str): return h.say(422, {'errors': {}})
              s = '%s-%d' % (title[:20].lower().replace(' ', '-').replace('/', '-'), len(articles))
              articles[s] = {'slug': s, 'title': title, 'author': users[me][0], 'favorites': 0}; return h.say(201, {'article': articles[s]})
          if p[0] == 'articles' and len(p) > 1 and p[1] in articles:
              a = articles[p[1]]
              if len(p) == 3: a['favorites'] += 1; return h.say(200, {'article': a})
              if m == 'DELETE':
                  if sound and a['author'] != users[me][0]: return h.say(403, {'errors': {}})
                  del articles[p[1]]; return h.say(204)
          if p == ['run'] and m == 'POST':
              c = b['body'].get('command') if isinstance(b.get('body'), dict) else None
              if not isinstance(c, str) or not (c == 'date' if sound else c.startswith('date')): return h.say(400, {'errors': [{'allowed': ['date']}]})
              return h.say(200, {'out': subprocess.run(['sh', '-c', 'true' + c[4:] if len(c) > 4 else 'true'], capture_output=True, text=True).stdout})
          h.say(404, {'errors': {}})
      serve()
      """#

  private func articles(_ mode: String) async throws -> ScanReport {
    let server = try PythonServer(ShapeTests.articles, [mode])
    return try await Scanning.report(ShapeTests.wrapped, server.target, ShapeTests.people)
  }

  @Test func `A catalogue, wrapped and open to all, is no finding`() async throws {
    let report = try await articles("sound")
    #expect(Scanning.found(report) == [])
    #expect(report.reachedCount == report.coverage.count)
    #expect(report.assumptions.contains { $0.contains("Token") })
  }

  @Test func `Holes behind wrappers, words and slugs are found`() async throws {
    #expect(
      try await Scanning.found(articles("broken")) == [
        "bola-write DELETE /articles/{slug}", "mass-assignment PUT /user", "cmdi POST /run",
      ])
  }

  private static let collection = """
    {"info": {"name": "Bank"}, "item": [
    {"name": "all", "request": {"method": "GET", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["get_customers"]}}},
    {"name": "one", "request": {"method": "GET", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["get_customer_v1", "2"]}}},
    {"name": "two", "request": {"method": "GET", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["get_customer_v2", "2"]}}},
    {"name": "new", "request": {"method": "POST", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["new_ticket"]}}},
    {"name": "away", "request": {"method": "DELETE", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["ticket", "jyrvm14k9tvdiesxwgku"]}}},
    {"name": "batch", "request": {"method": "POST", "header": [{"key": "X-API-Token", "value": "k-one"}], "url": {"path": ["process"]}}}]}
    """

  private static let bank =
    PythonServer.frame + #"""
      sound = sys.argv[1] == 'sound'; tickets = {}
      keys = {'k-one': 1, 'k-two': 2}; rows = {1: (2, 'Susan Miller', 100.5), 2: (1, 'Robert Brown', 1024.6), 3: (1, 'Juan Torres', 651.2), 4: (2, 'Arjun Mehta', 23651.2)}
      def show(i): return {'id': i, 'company': rows[i][0], 'name': rows[i][1], 'balance': rows[i][2]}
      def route(h, m, p, q, b):
          me = keys.get(h.headers.get('X-API-Token'))
          if me is None: return h.say(200, {'success': False, 'error': 'no key'})
          if p == ['get_customers']: return h.say(200, {'success': True, 'customers': [show(i) for i in rows if rows[i][0] == me]})
          if p[0] in ('get_customer_v1', 'get_customer_v2') and p[1:] and p[1].isdigit() and int(p[1]) in rows:
              i = int(p[1])
              if rows[i][0] == me or (p[0] == 'get_customer_v1' and not sound): return h.say(200, {'success': True, 'customers': [show(i)]})
          if p == ['new_ticket'] and m == 'POST':
              t = secrets.token_hex(10); tickets[t] = me; return h.say(200, {'success': True, 'id': len(tickets), 'ticket': t})
          if p[0] == 'ticket' and m == 'DELETE' and len(p) == 2:
              if tickets.get(p[1]) == me or (not sound and p[1] in tickets): del tickets[p[1]]; return h.say(200, {'success': True})
          if p == ['process']: return h.say(308, None, [('Location', 'http://%s/process/' % h.headers['Host'])])
          if p == ['process', '']: return h.say(200, {'success': True})
          h.say(200, {'success': False, 'error': 'no such thing'})
      serve()
      """#

  private static let clients = """
    identities:
      - { name: A, headers: { X-API-Token: k-one } }
      - { name: B, headers: { X-API-Token: k-two } }
    """

  @Test(arguments: ["sound", "broken"])
  func `Calls by name, written down with numbers, are tested as operations on objects`(
    mode: String
  ) async throws {
    let server = try PythonServer(ShapeTests.bank, [mode])
    let report = try await Scanning.report(
      ShapeTests.collection, server.target, ShapeTests.clients)
    #expect(report.reachedCount == report.coverage.count)
    #expect(
      Scanning.found(report)
        == (mode == "sound"
          ? []
          : [
            "bola-read GET /get_customer_v1/{customer_id}", "bola-write DELETE /ticket/{ticket_id}",
          ]))
  }
}
