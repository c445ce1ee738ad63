import Foundation
import Testing

/// Clients that take their time.
@Suite(.serialized) struct SlowClientTests {
  private static let limits = """
    limits:
      header-timeout: 500ms
      body-rate: 400kB
      body-rate-grace: 500ms
      send-timeout: 500ms
    """

  // DOS-01.
  @Test func `A head that does not end is timed out, whatever trickles in`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: SlowClientTests.limits)
    let client = try gateway.client()
    try client.send("GET / HTTP/1.1\r\nHost: api.test\r\n")
    var count = 0
    try Waiting.until("the end") {
      count += 1
      try? client.send("X-\(count): a\r\n")
      return gateway.accessLog.contains { $0.contains("\"status\":408") }
    }
    #expect(try client.answer().problem == "request-timeout")
    #expect(client.isClosed())
    withExtendedLifetime(upstream) {}
  }

  // DOS-01.
  @Test func `Content that comes too slowly is timed out`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: SlowClientTests.limits)
    let client = try gateway.client()
    try client.send("POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 100000\r\n\r\n")
    try Waiting.until("the end") {
      try? client.send("a")
      return gateway.accessLog.contains { $0.contains("\"status\":408") }
    }
    #expect(client.isClosed())
    withExtendedLifetime(upstream) {}
  }

  // DOS-01.
  @Test func `A client that reads too slowly is cut off, one that reads on gets all`() throws {
    let big = String(repeating: "0123456789", count: 2_000_000)
    let upstream = try ScriptedUpstream([
      "/big": "HTTP/1.1 200 OK\r\nContent-Length: \(big.utf8.count)\r\n\r\n\(big)",
      "/chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "\(String(big.utf8.count, radix: 16))\r\n\(big)\r\n0\r\n\r\n",
    ])
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: SlowClientTests.limits)
    for path in ["/big", "/chunks"] {
      let slow = try Socket.connected(to: gateway.port)
      try slow.send(Array("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n".utf8))
      try Waiting.until("the cut") {
        // About half the rate, so that the client takes some all the time.
        _ = try? slow.receive(most: 4096)
        return gateway.accessLog.contains {
          $0.contains("\"path\":\"\(path)\"") && $0.contains("client closed the connection")
        }
      }
      #expect(try gateway.client().request("GET", path).body.utf8.count == big.utf8.count)
    }
  }

  private func hasty(_ port: UInt16) -> String {
    Services.open(port) + "\n    timeouts: { first-byte: 500ms, idle: 500ms }"
  }

  @Test(arguments: ["/big", "/chunks"])
  func `That a client reads slowly is not the upstream's fault`(path: String) throws {
    let big = String(repeating: "0123456789", count: 2_000_000)
    let upstream = try ScriptedUpstream([
      "/big": "HTTP/1.1 200 OK\r\nContent-Length: \(big.utf8.count)\r\n\r\n\(big)",
      "/chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "\(String(big.utf8.count, radix: 16))\r\n\(big)\r\n0\r\n\r\n",
    ])
    let gateway = try RunningGateway(services: hasty(upstream.port))
    let slow = try gateway.client()
    try slow.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("the upstream's timeout, three times over") {
      upstream.visits.count == 1 && slow.hasWaited(milliseconds: 1500)
    }
    #expect(try slow.answer().body.utf8.count == big.utf8.count)
    #expect(!gateway.accessLog.contains { $0.contains("\"fault\":\"upstream\"") })
  }

  @Test func `That a client sends slowly is not the upstream's fault`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: hasty(upstream.port))
    let client = try gateway.client()
    try client.send("POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 10\r\n\r\nhello")
    try Waiting.until("the upstream's timeout, three times over") {
      client.hasWaited(milliseconds: 1500)
    }
    try client.send("world")
    let answer = try client.answer()
    #expect(answer.status == 200)
    #expect(answer.body.hasSuffix("helloworld"))
    withExtendedLifetime(upstream) {}
  }
}
