import Foundation
import Testing

/// The output to Kafka, read by a consumer of the broker.
@Suite(.serialized) struct KafkaTests {
  private static var python: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/collector/bin/python")
  }

  private func path(_ message: Data) -> String? {
    let object = try? JSONSerialization.jsonObject(with: message) as? [String: Any]
    return object?["path"] as? String
  }

  @Test func `A consumer of the topic gets each event once, as JSON`() throws {
    let broker = try KafkaBroker(topic: "requests", python: KafkaTests.python)
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs: [{ kafka: "tcp://127.0.0.1:\(broker.port)", topic: requests }]
        """, workers: 1)
    let client = try gateway.client()
    for number in 0..<200 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    try Waiting.until("all messages: \(broker.messages.count) \(gateway.messages)") {
      broker.messages.count >= 200
    }
    #expect(Set(broker.messages.compactMap(path)).count == 200)
    #expect(broker.messages.count == 200)
    #expect(try gateway.metric("gatehouse_events_sent_total{reader=\"kafka\"}") == 200)
    withExtendedLifetime(upstream) {}
  }

  @Test func `Brokers that nobody answers for cost no request, and are complained of`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: "events: { outputs: [{ kafka: \"tcp://127.0.0.1:9\" }] }", workers: 1)
    let client = try gateway.client()
    for _ in 0..<50 { #expect(try client.request("GET", "/a").status == 200) }
    try Waiting.until("a warning: \(gateway.messages)", seconds: 60) {
      gateway.messages.contains("the output kafka took 0 of 50 messages")
    }
    #expect(try gateway.metric("gatehouse_events_waiting_bytes{reader=\"kafka\"}") ?? 0 > 0)
    #expect(try gateway.metric("gatehouse_events_sent_total{reader=\"kafka\"}") == 0)
    withExtendedLifetime(upstream) {}
  }
}
