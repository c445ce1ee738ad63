import Foundation
import Glibc
import Testing

/// The gateway goes on when nobody takes what it writes down, and says how much was lost.
@Suite(.serialized) struct LostLogTests {
  private static let dropped = "gatehouse_access_log_dropped_lines_total"

  // DOS-19.
  @Test func `A full disk costs lines and no request`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port), logging: "/dev/full")
    let client = try gateway.client()
    for _ in 0..<200 { #expect(try client.request("GET", "/").status == 200) }
    try Waiting.until("the count") { (try? gateway.metric(LostLogTests.dropped)) ?? 0 >= 200 }
    try Waiting.until("a message") { gateway.messages.contains("lines lost so far") }
    #expect(try client.request("GET", "/").status == 200)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    withExtendedLifetime(upstream) {}
  }

  // DOS-19.
  @Test func `A pipe that nobody empties costs lines and no time`() throws {
    let upstream = try TestUpstream()
    let pipe = try FullPipe()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), logging: pipe.path)
    pipe.fill()
    let client = try gateway.client()
    for _ in 0..<100 { #expect(try client.request("GET", "/").status == 200) }
    try Waiting.until("the count") { (try? gateway.metric(LostLogTests.dropped)) ?? 0 > 0 }
    let begun = Date()
    for _ in 0..<20 { #expect(try client.request("GET", "/").status == 200) }
    #expect(Date().timeIntervalSince(begun) < 5)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    withExtendedLifetime(upstream) {}
  }

  @Test func `Messages that nobody reads hold up no request`() throws {
    let upstream = try TestUpstream()
    let pipe = try FullPipe()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      logging: "access.log, error: { level: debug }", messagesTo: pipe.path)
    pipe.fill()
    for _ in 0..<20 {
      let answer = try gateway.client().request("POST", "/garbage")
      #expect(answer.status == 502)
    }
    let told = try gateway.metric("gatehouse_error_log_messages_total{level=\"debug\"}")
    #expect(told ?? 0 >= 20)
    #expect(try gateway.client().request("GET", "/").status == 200)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    withExtendedLifetime(upstream) {}
  }
}
