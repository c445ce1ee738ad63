import Foundation
import Testing

/// Where keys are taken from, what they may do, and that they stay secret.
@Suite(.serialized) struct KeyTests {
  private static let consumers = """
    consumers:
      - name: mobile-app
        api-keys: [{ hash: "sha256:\(Services.digest)", scopes: [orders:read] }]
    """

  private func services(_ port: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(port)]
        policies:
          - ip-filter: { deny: [127.0.0.9] }
          - api-key: { header: X-API-Key, query: ident }
        routes:
          - paths: [/orders]
            policies: [access: { scopes: [orders:read] }]
          - paths: [/admin]
            policies: [access: { scopes: [orders:read, orders:write] }]
          - paths: [/rest]
      - name: strict
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: { query: ident, keep: true, scopes: [orders:write] }]
        routes: [{ paths: [/strict] }]
      - name: kept
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: { query: ident, keep: true }]
        routes: [{ paths: [/kept] }]
      - name: filtered
        upstreams: [http://127.0.0.1:\(port)]
        policies:
          - ip-filter: { deny: [127.0.0.0/8] }
          - api-key: { query: ident }
        routes: [{ paths: [/filtered] }]
      - name: field-only
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: {}]
        routes: [{ paths: [/field] }]
    """
  }

  private func start() throws -> (RunningGateway, TestUpstream) {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port), rest: KeyTests.consumers)
    return (gateway, upstream)
  }

  // JWT-23.
  @Test func `A key in the query is taken where asked for, and goes no further`() throws {
    let (gateway, upstream) = try start()
    let key = Services.key
    let client = try gateway.client()
    let answer = try client.request("GET", "/rest?a=1&ident=\(key)&b=2")
    #expect(answer.body.hasPrefix("get /rest?a=1&b=2 http/1.1\r\n"))
    #expect(answer.body.contains("x-consumer-id: mobile-app"))
    let alone = try client.request("GET", "/rest?%69dent=open%2dsesame")
    #expect(alone.body.hasPrefix("get /rest http/1.1\r\n"))
    #expect(try client.request("GET", "/field?ident=\(key)").problem == "credentials-required")
    for wrong in ["ident=\(key)&ident=\(key)", "ident=\(key)x", "ident=", "ident=%zz", "ident"] {
      #expect(try gateway.client().request("GET", "/rest?\(wrong)").status >= 400)
    }
    let both = try client.request("GET", "/rest?ident=\(key)", ["X-API-Key: \(key)"])
    #expect(both.problem == "credentials-invalid")
    withExtendedLifetime(upstream) {}
  }

  @Test func `No log line shows a key from the query, whoever refuses the request`() throws {
    let (gateway, upstream) = try start()
    let paths = ["/rest", "/kept", "/filtered", "/strict", "/rest?x=1&%69dent=\(Services.key)"]
    for path in paths {
      let mark = path.contains("?") ? "&" : "?"
      _ = try gateway.client().request("GET", "\(path)\(mark)ident=\(Services.key)&c=3")
    }
    let kept = try gateway.client().request("GET", "/kept?ident=\(Services.key)")
    #expect(kept.body.hasPrefix("get /kept?ident=\(Services.key) http/1.1\r\n"))
    try Waiting.until("the log") { gateway.accessLog.count == paths.count + 1 }
    #expect(!gateway.accessLog.contains { $0.contains(Services.key) })
    #expect(gateway.accessLog.contains { $0.contains("ident=***") })
    withExtendedLifetime(upstream) {}
  }

  @Test func `A key without the scopes of a route is refused`() throws {
    let (gateway, upstream) = try start()
    func answer(_ path: String) throws -> Answer {
      try gateway.client().request("GET", path, ["X-API-Key: \(Services.key)"])
    }
    #expect(try answer("/orders").status == 200)
    #expect(try answer("/rest").status == 200)
    for path in ["/admin", "/strict"] {
      let refused = try answer(path)
      #expect(refused.status == 403)
      #expect(refused.problem == "access-denied")
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `The upstream gets no key unless it is to`() throws {
    let (gateway, upstream) = try start()
    let stripped = try gateway.client().request("GET", "/rest", ["X-API-Key: \(Services.key)"])
    #expect(stripped.status == 200)
    #expect(!stripped.body.contains(Services.key))
    let kept = try gateway.client().request("GET", "/kept", ["X-API-Key: \(Services.key)"])
    #expect(kept.body.contains("x-api-key: \(Services.key)"))
    withExtendedLifetime(upstream) {}
  }
}
