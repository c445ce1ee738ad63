import Scanner
import Testing

@Suite(.serialized) struct BusinessFlowTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Shop, version: "1" }
    security: [{ token: [] }]
    components: { securitySchemes: { token: { type: http, scheme: bearer } } }
    paths:
      /register:
        post:
          security: []
          requestBody: { content: { application/json: { schema: { type: object, properties: { username: { type: string }, password: { type: string } } } } } }
      /login:
        post:
          security: []
          requestBody: { content: { application/json: { schema: { type: object, properties: { username: { type: string }, password: { type: string } } } } } }
      /me: { get: {} }
      /orders:
        get: {}
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { item: { type: string }, quantity: { type: integer } } } } } } }
      /orders/{order_id}:
        parameters: [{ name: order_id, in: path, required: true, schema: { type: integer } }]
        get: {}
      /orders/{order_id}/pay:
        parameters: [{ name: order_id, in: path, required: true, schema: { type: integer } }]
        post: {}
      /orders/{order_id}/ship:
        parameters: [{ name: order_id, in: path, required: true, schema: { type: integer } }]
        post: {}
      /orders/{order_id}/refund:
        parameters: [{ name: order_id, in: path, required: true, schema: { type: integer } }]
        post: {}
      /promo-code: { get: {} }
      /redeem-promo:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { promo_code: { type: string } } } } } } }
    """

  private static let identities = """
    identities:
      - { name: A, role: user, login: { request: POST /login, body: { username: ann, password: apple-1 }, token: token } }
      - { name: B, role: user, login: { request: POST /login, body: { username: bob, password: berry-2 }, token: token } }
    """

  private static let program =
    PythonServer.frame + #"""
      mode = sys.argv[1]; sound = mode == 'sound'
      users = {'ann': 'apple-1', 'bob': 'berry-2'}; tokens = {}; orders = []; fails = {}; used = set()
      balance = {'ann': 1000.0, 'bob': 1000.0}
      def route(h, m, p, q, b):
          me = tokens.get(h.bearer)
          if m == 'POST' and p == ['register']:
              n, w = b.get('username'), b.get('password')
              if not isinstance(n, str) or not isinstance(w, str) or n in users: return h.say(400, {'error': 'no'})
              users[n] = w; balance[n] = 1000.0; return h.say(201, {'username': n})
          if m == 'POST' and p == ['login']:
              n = str(b.get('username'))
              if fails.get(n, 0) >= 8: return h.say(429, {'error': 'too many'})
              if n in users and users[n] == b.get('password'):
                  t = secrets.token_hex(16); tokens[t] = n; return h.say(200, {'token': t})
              fails[n] = fails.get(n, 0) + 1; return h.say(401, {'error': 'no'})
          if me is None: return h.say(401, {'error': 'sign in'})
          if p == ['me']: return h.say(200, {'username': me, 'balance': balance[me]})
          if p == ['promo-code']: return h.say(200, {'code': 'SPRING-77'})
          if p == ['redeem-promo']:
              if b.get('promo_code') != 'SPRING-77': return h.say(404, {'error': 'no such code'})
              if mode != 'racy': lock.acquire()
              try:
                  if mode != 'broken' and me in used: return h.say(409, {'error': 'used'})
                  if mode == 'racy': time.sleep(0.15)
                  used.add(me); balance[me] += 25; return h.say(200, {'ok': True})
              finally:
                  if mode != 'racy': lock.release()
          with lock:
              if p == ['orders'] and m == 'POST':
                  n = b.get('quantity', 1)
                  if not isinstance(n, int) or (mode != 'broken' and not 1 <= n <= 50): return h.say(422, {'error': 'quantity'})
                  orders.append({'id': len(orders) + 1, 'owner': me, 'item': str(b.get('item')), 'quantity': n, 'total_price': n * 3.5, 'state': 'new'})
                  balance[me] -= n * 3.5; return h.say(201, {k: v for k, v in orders[-1].items() if k != 'owner'})
              mine = [o for o in orders if o['owner'] == me]
              show = lambda o: {k: v for k, v in o.items() if k != 'owner'}
              if p == ['orders']: return h.say(200, [show(o) for o in mine[-20:]])
              o = next((o for o in mine if len(p) > 1 and str(o['id']) == p[1]), None)
              if o is None: return h.say(404, {'error': 'none'})
              if len(p) == 2 and m == 'GET': return h.say(200, show(o))
              if len(p) == 3 and m == 'POST':
                  if p[2] == 'pay' and o['state'] == 'new': o['state'] = 'paid'; return h.say(200, show(o))
                  if p[2] == 'ship' and (o['state'] == 'paid' or (mode == 'broken' and o['state'] == 'new')): o['state'] = 'shipped'; return h.say(200, show(o))
                  if p[2] == 'refund' and (o['state'] == 'paid' or mode == 'broken' and o['state'] == 'refunded'):
                      o['state'] = 'refunded'; balance[me] += o['total_price']; return h.say(200, show(o))
                  return h.say(409, {'error': 'not now'})
          h.say(404, {'error': 'none'})
      serve()
      """#

  private func found(_ mode: String) async throws -> Set<String> {
    let server = try PythonServer(BusinessFlowTests.program, [mode])
    return try await Scanning.found(
      Scanning.report(
        BusinessFlowTests.description, server.target, BusinessFlowTests.identities))
  }

  @Test func `A shop that keeps its books has no holes`() async throws {
    #expect(try await found("sound") == [])
  }

  @Test func `Negative amounts, repeated and skipped steps are found by what they change`()
    async throws
  {
    #expect(
      try await found("broken") == [
        "business-logic POST /orders", "business-logic POST /redeem-promo",
        "business-logic POST /orders/{order_id}/ship",
      ])
  }

  @Test func `What is good for once, and given to several at the same moment, is found`()
    async throws
  {
    #expect(try await found("racy") == ["business-logic POST /redeem-promo"])
  }
}
