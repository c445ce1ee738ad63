import Foundation
import Testing

/// RTL-16: a place among those under way comes free however a request ends.
@Suite(.serialized) struct UnderwayTests {
  private func gateway(_ upstream: UInt16, more: String = "") throws -> RunningGateway {
    let services = """
        - name: open
          upstreams: [http://127.0.0.1:\(upstream)]
          public: true
          routes: [{ paths: [/] }]
          policies:
            - concurrency-limit: { limit: 1, by: ip }
      \(more)
      """
    return try RunningGateway(services: services, workers: 1)
  }

  private func isFree(_ gateway: RunningGateway) throws {
    try Waiting.until("a free place") {
      (try? gateway.client().request("GET", "/").status) == 200
    }
  }

  @Test func `Answers, refusals, broken upstreams and clients that leave give their place back`()
    throws
  {
    let upstream = try TestUpstream()
    let gateway = try gateway(upstream.port, more: "      - body-limit: { size: 1KiB }")
    let client = try gateway.client()
    for _ in 0..<3 { #expect(try client.request("GET", "/").status == 200) }
    #expect(try client.request("GET", "/breaks").status == 502)
    #expect(try gateway.client().request("GET", "/garbage").status == 502)
    #expect(
      try gateway.client().request("POST", "/", ["Content-Length: 5000"]).status == 413)
    // A client that leaves in the middle of its request.
    do {
      let leaving = try gateway.client()
      try leaving.send("POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 100\r\n\r\nabc")
      try Waiting.until("a place that is taken") {
        (try? gateway.client().request("GET", "/").status) == 429
      }
    }
    try isFree(gateway)
    withExtendedLifetime(upstream) {}
  }

  @Test func `An upstream that is too slow gives the place back, and a drain as well`() throws {
    let silent = try Socket.listening()
    let gateway = try gateway(silent.port, more: "    timeouts: { first-byte: 1s }")
    let client = try gateway.client()
    try client.send("GET / HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("a place that is taken") {
      (try? gateway.client().request("GET", "/").status) == 429
    }
    #expect(try client.answer().status == 504)
    try client.send("GET / HTTP/1.1\r\nHost: api.test\r\n\r\n")
    #expect(try client.answer().status == 504)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    withExtendedLifetime(silent) {}
  }
}
