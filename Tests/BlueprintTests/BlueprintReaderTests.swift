import Base
import Blueprint
import Formats
import Testing

@Suite struct BlueprintReaderTests {
  @Test func `The example of the product is read as it is meant`() throws {
    #expect(complaints(example) == [])
    let blueprint = try #require(read(example).blueprint)
    #expect(blueprint.workers == 2)
    #expect(blueprint.listeners.map(\.bind.description) == ["127.0.0.1:8080", "127.0.0.1:8443"])
    #expect(blueprint.listeners[0].tls == nil)
    let tls = try #require(blueprint.listeners[1].tls)
    #expect(tls.certificates.map(\.certificatePath.string) == ["certs/api.pem"])
    #expect(tls.certificates.map(\.keyPath.string) == ["certs/api.key"])
    #expect(tls.profile == .intermediate)
    #expect(tls.clientCertificates == .none)
    #expect(tls.sessionTickets)
    #expect(blueprint.admin.bind.description == "127.0.0.1:9901")
    let service = try #require(blueprint.services.first)
    #expect(service.name == "shop")
    #expect(
      service.upstreams.map(\.description) == ["http://127.0.0.1:3000", "http://127.0.0.1:3001"])
    #expect(service.timeouts == TimeoutsBlueprint())
    #expect(service.policies.map(\.name) == ["api-key", "rate-limit", "access"])
    #expect(service.policies[0].node.value("header")?.text == "X-API-Key")
    #expect(service.policies[1].position == Position(line: 15, column: 9))
    #expect(service.routes.count == 2)
    #expect(service.routes[0].hosts.map(\.description) == ["api.example.com"])
    #expect(service.routes[0].paths.map(\.description) == ["/shop"])
    #expect(service.routes[0].methods == ["GET", "POST"])
    #expect(!service.routes[0].isPublic)
    #expect(service.routes[1].isPublic)
    let consumer = try #require(blueprint.consumers.first)
    #expect(consumer.apiKeys.first?.digest.bytes == Array(0..<32))
    #expect(consumer.roles == ["reader"])
    guard case .file(let path) = blueprint.logging.access.target else {
      Issue.record("the access log goes to no file")
      return
    }
    #expect(path.string == "access.log")
    #expect(blueprint.limits == Limits())
  }
}
