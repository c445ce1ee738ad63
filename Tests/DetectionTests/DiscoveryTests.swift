import Base
import Formats
import HTTP
import Testing

@testable import Detection

/// Endpoints that are seen, how they stand to descriptions, and the draft that is learnt.
@Suite struct DiscoveryTests {
  private let engine = DetectionEngine(
    Replay.settings(), seed: 5, machine: { .max }, tell: { _ in })

  private func see(_ method: String, _ path: String, status: Int = 200, consumer: String = "") {
    var blocks = ReplayBlocks()
    var event = ReplayEvent(
      time: Replay.start, address: IPAddress(v4: 7), path: path, service: "shop", agent: "a")
    event.method = method == "POST" ? .post : .get
    (event.status, event.consumer) = (status, consumer)
    _ = blocks.add(event)
    if let block = blocks.flush() { engine.receive(block) }
  }

  private func standing(_ path: String, _ method: String = "GET") -> EndpointRecord.Standing? {
    engine.endpoints.first { $0.template == path && $0.method == method }?.standing
  }

  @Test func `Endpoints stand to their description as they are used`() {
    see("GET", "/orders/12")
    #expect(standing("/orders/{id}") == .undescribed)
    engine.describe([
      DescribedEndpoint(service: "shop", method: "GET", template: "/orders/{order}"),
      DescribedEndpoint(
        service: "shop", method: "GET", template: "/old/{x}", isDeprecated: true),
      DescribedEndpoint(service: "shop", method: "POST", template: "/orders"),
      DescribedEndpoint(service: "shop", method: "GET", template: "/users/{name}"),
    ])
    see("GET", "/orders/13")
    see("GET", "/old/7")
    see("GET", "/users/anna")
    see("GET", "/users/ben")
    see("GET", "/debug/vars")
    see("GET", "/nowhere/1", status: 404)
    #expect(standing("/orders/{id}") == .described)
    #expect(standing("/old/{x}") == .deprecated)
    #expect(standing("/users/{name}") == .described)
    #expect(standing("/debug/vars") == .shadow)
    #expect(standing("/orders", "POST") == .unused)
    // What is asked for and is not there is no endpoint.
    #expect(!engine.endpoints.contains { $0.template.hasPrefix("/nowhere") })
    #expect(engine.endpoints.first { $0.template == "/users/{name}" }?.requests == 2)
  }

  @Test func `A draft has paths, parameters, types and statuses, and no value`() throws {
    see("GET", "/orders/12345", consumer: "anna")
    see("GET", "/orders/12345", status: 404)
    see("GET", "/customers/3f2504e0-4f89-11d3-9a0c-0305e82c3301/cards/9f86d081884c7d65")
    let document = DescriptionDraft.document("shop", engine.endpoints)
    #expect(document["openapi"]?.string == "3.1.0")
    let operation = document["paths"]?["/orders/{id}"]?["get"]
    #expect(operation?["parameters"]?.elements.first?["schema"]?["type"]?.string == "integer")
    #expect(operation?["responses"]?["404"] != nil)
    #expect(
      operation?["responses"]?["200"]?["content"]?["application/json"] != nil)
    let cards = document["paths"]?["/customers/{id}/cards/{id2}"]?["get"]?["parameters"]?.elements
    #expect(cards?.count == 2)
    #expect(cards?[0]["schema"]?["format"]?.string == "uuid")
    let text = document.serialized
    for value in ["12345", "3f2504e0", "9f86d081", "anna"] { #expect(!text.contains(value)) }
  }
}
