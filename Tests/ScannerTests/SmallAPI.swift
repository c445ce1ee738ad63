import Foundation

/// A small API of notes on loopback, in Python: sound, or with a hole of each of several kinds.
final class SmallAPI {
  let port: UInt16
  private let process = Process()

  init(isSound: Bool) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-c", SmallAPI.program, isSound ? "sound" : "broken"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while !line.contains(0x0A) {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      line += piece
    }
    port = UInt16(String(decoding: line, as: UTF8.self).prefix { $0.isNumber }) ?? 0
  }

  deinit { process.terminate() }

  var target: String { "http://127.0.0.1:\(port)" }

  static let identities = """
    identities:
      - { name: A, role: user, login: { request: POST /login, body: { username: ann, password: apple-1 }, token: token } }
      - { name: B, role: user, login: { request: POST /login, body: { username: bob, password: berry-2 }, token: token } }
      - { name: root, role: admin, headers: { Authorization: Bearer 3.cherry-3 } }
    """

  static let description = """
    openapi: 3.0.3
    info: { title: Notes, version: "1" }
    security: [{ token: [] }]
    components:
      securitySchemes: { token: { type: http, scheme: bearer } }
      schemas:
        Note: { type: object, required: [text], properties: { text: { type: string, maxLength: 40 } } }
    paths:
      /login:
        post:
          security: []
          requestBody: { content: { application/json: { schema: { type: object, properties: { username: { type: string }, password: { type: string } } } } } }
      /me:
        get: {}
      /notes:
        get: { parameters: [{ name: limit, in: query, schema: { type: integer } }] }
        post: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } } }
      /notes/{note_id}:
        parameters: [{ name: note_id, in: path, required: true, schema: { type: integer } }]
        get: {}
        put: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } } }
        delete: {}
      /find:
        get: { parameters: [{ name: q, in: query, required: true, schema: { type: string } }] }
      /admin/notes:
        get: { summary: For administrators }
      /shared:
        get: { security: [] }
    """

  private static let program = #"""
    import http.server, json, sqlite3, sys, threading, urllib.parse
    sound = sys.argv[1] == 'sound'
    db = sqlite3.connect(':memory:', check_same_thread=False); lock = threading.RLock()
    db.execute('create table notes(id integer primary key, owner integer, text text, state text)')
    users = {1: ('ann', 'apple-1', 'user'), 2: ('bob', 'berry-2', 'user'), 3: ('root', 'cherry-3', 'admin')}
    fails = {}
    def row(r): return {'id': r[0], 'owner_id': r[1], 'text': r[2], 'state': r[3]}
    class H(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def say(self, code, value=None):
            b = json.dumps(value).encode() if value is not None else b''
            self.send_response(code); self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(b))); self.end_headers(); self.wfile.write(b)
        def go(self):
            n = int(self.headers.get('Content-Length') or 0); raw = self.rfile.read(n)
            try: body = json.loads(raw or b'{}')
            except ValueError: return self.say(400, {'error': 'no JSON'})
            u = urllib.parse.urlsplit(self.path); q = dict(urllib.parse.parse_qsl(u.query)); p = u.path.split('/')[1:]
            t = (self.headers.get('Authorization') or '').removeprefix('Bearer ').split('.')
            me = int(t[0]) if len(t) == 2 and t[0].isdigit() and int(t[0]) in users and users[int(t[0])][1] == t[1] else None
            with lock: self.serve(self.command, p, q, body, me)
        def serve(self, m, p, q, body, me):
            if p == ['login'] and m == 'POST':
                name = str(body.get('username')); user = next((i for i in users if users[i][0] == name), None)
                if sound and fails.get(name, 0) >= 8: return self.say(429, {'error': 'too many'})
                if user and users[user][1] == body.get('password'): return self.say(200, {'token': '%d.%s' % (user, users[user][1])})
                fails[name] = fails.get(name, 0) + 1
                return self.say(401, {'error': 'no' if sound or user else 'unknown user'})
            if p == ['shared']: return self.say(200, {'text': 'root:x:0:0:root: Traceback (most recent call last)'})
            if p == ['admin', 'notes'] and (me and (users[me][2] == 'admin' or not sound)):
                return self.say(200, [row(r) for r in db.execute('select * from notes')])
            if me is None: return self.say(401, {'error': 'sign in'})
            if p[:1] == ['admin']: return self.say(403, {'error': 'no'})
            if p == ['me']: return self.say(200, {'id': me, 'name': users[me][0], **({} if sound else {'password': users[me][1]})})
            if p == ['find']:
                try:
                    if sound: rs = db.execute('select * from notes where owner=? and instr(text,?)', (me, q.get('q', '')))
                    else: rs = db.execute("select * from notes where owner=%d and text like '%%%s%%'" % (me, q.get('q', '')))
                    return self.say(200, [row(r) for r in rs])
                except sqlite3.Error: return self.say(200, [])
            if p == ['notes'] and m == 'GET':
                k = q.get('limit', '20')
                if not k.isdigit() or (sound and not 1 <= int(k) <= 100): return self.say(400, {'error': 'limit'})
                return self.say(200, [row(r) for r in db.execute('select * from notes where owner=? limit ?', (me, min(int(k), 10**9)))])
            if p == ['notes'] and m == 'POST':
                if not isinstance(body.get('text'), str): return self.say(422, {'error': 'text'})
                state = body['state'] if not sound and 'state' in body else 'open'
                c = db.execute('insert into notes(owner, text, state) values(?,?,?)', (me, body['text'], state))
                return self.say(201, row(db.execute('select * from notes where id=?', (c.lastrowid,)).fetchone()))
            if len(p) == 2 and p[0] == 'notes':
                r = db.execute('select * from notes where id=?', (p[1],)).fetchone()
                if not r or (r[1] != me and (sound or m == 'PUT')): return self.say(200, {'ok': False, 'error': 'none'})
                if m == 'PUT': db.execute('update notes set text=? where id=?', (str(body.get('text')), r[0]))
                if m == 'DELETE':
                    db.execute('delete from notes where id=?', (r[0],)); return self.say(204)
                return self.say(200, row(db.execute('select * from notes where id=?', (r[0],)).fetchone()))
            self.say(404, {'error': 'none'})
        do_GET = do_POST = do_PUT = do_DELETE = go
        def log_message(self, *a): pass
    s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
    print(s.server_port)
    s.serve_forever()
    """#
}
