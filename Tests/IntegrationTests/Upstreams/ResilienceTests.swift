import Foundation
import Testing

/// Upstreams that come and go, through the real binary.
@Suite(.serialized) struct ResilienceTests {
  private func service(_ upstreams: String, _ more: String) -> String {
    """
      - name: shop
        public: true
        upstreams: [\(upstreams)]
        \(more)
    """
  }

  private func named(_ name: String, healthy: Bool = true, port: UInt16 = 0) throws
    -> ScriptedUpstream
  {
    try ScriptedUpstream(
      [
        "/": "HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)",
        "/health": healthy
          ? "HTTP/1.1 204 No Content\r\n\r\n"
          : "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
      ], port: port)
  }

  private func url(_ upstream: ScriptedUpstream) -> String { "'http://127.0.0.1:\(upstream.port)'" }

  private func answers(_ gateway: RunningGateway, _ count: Int, _ fields: [String] = []) throws
    -> [String]
  {
    let client = try gateway.client()
    return try (0..<count).map { _ in try client.request("GET", "/", fields).body }
  }

  @Test func `An upstream that health checks find unwell gets nothing, until it is well`() throws {
    let (one, other) = (try named("one"), try named("other", healthy: false))
    let gateway = try RunningGateway(
      services: service(
        "\(url(one)), \(url(other))",
        "health: { path: /health, interval: 1s, healthy: 1, unhealthy: 2 }"))
    try Waiting.until("unwell") { gateway.messages.contains("gets no requests") }
    #expect(gateway.messages.contains("the answer has status 500"))
    #expect(try Set(answers(gateway, 12)) == ["one"])
    #expect(other.visits.filter { $0.path == "/health" }[0].head.contains("gatehouse-health"))
  }

  @Test func `An upstream that takes no connection is found unwell by that alone`() throws {
    let one = try named("one", healthy: false)
    let gone = try Socket.freePort()
    let gateway = try RunningGateway(
      services: service(
        "\(url(one)), http://127.0.0.1:\(gone)",
        "health: { kind: tcp, interval: 1s, unhealthy: 1 }"))
    try Waiting.until("unwell") { gateway.messages.contains("gets no requests") }
    #expect(gateway.messages.contains("127.0.0.1:\(gone) gets no requests: no connection"))
    #expect(try Set(answers(gateway, 6)) == ["one"])
    #expect(!one.visits.contains { $0.path == "/health" })
  }

  @Test func `If none is well, all are used`() throws {
    let upstreams = [try named("one", healthy: false), try named("other", healthy: false)]
    let gateway = try RunningGateway(
      services: service(
        upstreams.map { url($0) }.joined(separator: ", "),
        "health: { path: /health, interval: 1s, unhealthy: 1 }"))
    try Waiting.until("both unwell") {
      gateway.messages.components(separatedBy: "gets no requests").count == 3
    }
    #expect(try Set(answers(gateway, 12)) == ["one", "other"])
  }

  @Test func `A reload forgets neither health nor what was kept out`() throws {
    let (one, other) = (try named("one"), try named("other", healthy: false))
    let services = service(
      "\(url(one)), \(url(other))",
      "health: { path: /health, interval: 1s, unhealthy: 2 }")
    let gateway = try RunningGateway(services: services)
    try Waiting.until("unwell") { gateway.messages.contains("gets no requests") }
    try gateway.write(services: services + "\n    timeouts: { idle: 9s }")
    try Waiting.until("reloaded") { gateway.messages.contains("configuration reloaded") }
    #expect(try Set(answers(gateway, 12)) == ["one"])
  }

  @Test func `A key always comes to the same upstream, and keys to all`() throws {
    let upstreams = [try named("a"), try named("b"), try named("c")]
    let gateway = try RunningGateway(
      services: service(
        upstreams.map { url($0) }.joined(separator: ", "),
        "balance: hash\n    hash-by: header:X-Tenant"))
    var places: Set<String> = []
    for tenant in 0..<12 {
      let found = try Set(answers(gateway, 4, ["X-Tenant: t\(tenant)"]))
      #expect(found.count == 1, "tenant \(tenant)")
      places.formUnion(found)
    }
    #expect(places == ["a", "b", "c"])
  }

  @Test func `What is drained gets nothing new`() throws {
    let (one, other) = (try named("one"), try named("other"))
    let gateway = try RunningGateway(
      services: service("\(url(one)), { url: \(url(other)), drain: true }", "balance: fastest"))
    #expect(try Set(answers(gateway, 10)) == ["one"])
    #expect(other.visits.isEmpty)
  }

  @Test(arguments: ["concurrency: 1", "routes: [{ paths: [/], concurrency: 1 }]"])
  func `One request too many is refused at once, and the next one is not`(bound: String) throws {
    let upstream = try HoldingUpstream()
    let gateway = try RunningGateway(
      services: service("'http://127.0.0.1:\(upstream.port)'", bound))
    for _ in 0..<3 {
      upstream.hold(true)
      let (first, second) = (try gateway.client(), try gateway.client())
      try first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      try Waiting.until("at the upstream") { upstream.isHolding }
      let refused = try second.request("GET", "/")
      #expect(refused.status == 503 && refused.fields["retry-after"] == "1")
      #expect(refused.body.contains("overloaded"))
      upstream.hold(false)
      #expect(try first.answer().status == 200)
      #expect(try second.request("GET", "/").status == 200)
    }
  }

  @Test func `A client that goes away gives its place back`() throws {
    let upstream = try HoldingUpstream()
    let gateway = try RunningGateway(
      services: service("'http://127.0.0.1:\(upstream.port)'", "concurrency: 1"))
    do {
      let first = try gateway.client()
      try first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      try Waiting.until("at the upstream") { upstream.isHolding }
    }
    upstream.hold(false)
    let client = try gateway.client()
    try Waiting.until("its place is free") {
      (try? client.request("GET", "/").status) == 200
    }
  }
}
