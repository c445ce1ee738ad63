import Base
import Client
import Runtime
import Scanner
import Synchronization
import Testing

@Suite(.serialized) struct ReachTests {
  private static let description = """
    paths:
      /reports/{year}:
        get:
          parameters: [{ name: year, in: path, required: true, schema: { type: integer } }, { name: tenant, in: query, required: true, schema: { type: string } }]
      /orders:
        post: { requestBody: { content: { application/json: { schema: { type: object, properties: { note: { type: string }, to: { type: object, properties: { city: { type: string } } } } } } } } }
      /orders/{order_id}:
        get: { parameters: [{ name: order_id, in: path, required: true, schema: { type: integer } }] }
    """

  private static let program =
    PythonServer.frame + #"""
      orders = []
      def route(h, m, p, q, b):
          if p == ['reports', '2026'] and q.get('tenant') == 'acme': return h.say(200, {'rows': [1]})
          if p == ['orders'] and m == 'POST':
              t = b.get('to')
              if not isinstance(t, dict) or t.get('city') != 'Bergen': return h.say(422, {'error': 'where to?'})
              orders.append(b); return h.say(201, {'id': len(orders)})
          if len(p) == 2 and p[0] == 'orders' and p[1].isdigit() and 0 < int(p[1]) <= len(orders): return h.say(200, {'id': int(p[1]), 'note': orders[int(p[1]) - 1].get('note')})
          h.say(404, {'error': 'none'})
      serve()
      """#

  @Test func `What is given reaches operations, and the report says where values came from`()
    async throws
  {
    let server = try PythonServer(ReachTests.program)
    let alone = try await Scanning.report(ReachTests.description, server.target)
    #expect(alone.reachedCount == 0)
    let text = """
      tenant: acme
      GET /reports/{year}: { year: 2026 }
      POST /orders: { to.city: Bergen }
      """
    let given = try GivenValues(Array(text.utf8), named: "values.yaml")
    let report = try await Scanning.report(ReachTests.description, server.target) {
      $0.given = given
    }
    #expect(report.reachedCount == 3)
    #expect(report.json.contains(#""needs":{"order_id":"POST /orders"}"#))
    #expect(report.json.contains(#""needs":{"year":"given"}"#))
  }

  @Test(arguments: ["[1]", "a: [", "orders: { id: 1 }", "7"])
  func `Values that name no place are refused`(text: String) {
    #expect(throws: ScanError.self) { try GivenValues(Array(text.utf8), named: "values.yaml") }
  }

  @Test func `A place that is not described is refused with the nearest`() throws {
    let client = try Client(ClientConfiguration(egress: .any))
    let job = try ScanJob(
      description: Array(ReachTests.description.utf8), named: "api.yaml", identities: nil,
      target: "http://127.0.0.1:1", client: client)
    let given = try GivenValues(Array("POST /order: { a: 1 }".utf8), named: "values.yaml")
    let error = #expect(throws: ScanError.self) { try job.check(given) }
    #expect("\(String(describing: error))".contains("did you mean 'POST /orders'"))
  }

  /// Keeps what a scan says, as the command does.
  private final class Keeper: Sendable {
    let state = Mutex(ScanState())

    func take(_ event: ScanEvent) {
      state.withLock { state in
        if case .found(let finding) = event { state.findings.append(finding) }
        if case .done(let name) = event { state.done.append(name) }
      }
    }
  }

  @Test func `A scan that was cut short goes on, and finds what is left`() async throws {
    func run(_ state: ScanState, _ keeper: Keeper, requests: Int) async throws -> ScanReport {
      let api = try SmallAPI(isSound: false)
      let job = try ScanJob(
        description: Array(SmallAPI.description.utf8), named: "notes.yaml",
        identities: Array(SmallAPI.identities.utf8), target: api.target,
        client: Client(ClientConfiguration(egress: .any)))
      return try await job.run(
        now: { Int(Clock.monotonic.nanoseconds / 1_000_000) }, state: state,
        observe: { keeper.take($0) }
      ) { $0.requestsMax = requests }
    }
    let whole = try await run(ScanState(), Keeper(), requests: 20_000)
    let first = Keeper()
    let cut = try await run(ScanState(), first, requests: 140)
    #expect(cut.isExhausted && cut.findings.count < whole.findings.count)
    #expect(cut.assumptions.contains { $0.hasPrefix("not run: ") })
    // As it is written down and read again.
    let written = first.state.withLock { $0.text }
    let state = try #require(ScanState(Array(written.utf8)))
    #expect(!state.done.isEmpty)
    let rest = try await run(state, Keeper(), requests: 20_000)
    #expect(rest.findings.map(\.id) == whole.findings.map(\.id))
    #expect(rest.requestCount < whole.requestCount)
  }
}
