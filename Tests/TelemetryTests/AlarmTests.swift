import Base
import Foundation
import Testing

@testable import Telemetry

/// The alarms and the guide speak of metrics that there are.
@Suite struct AlarmTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The names of all metrics, of a gateway that has used each once.
  private func names() throws -> Set<String> {
    let services = MetricNames(labels: ["service"], capacity: 1)
    let others = MetricNames(labels: ["service", "other"], capacity: 1)
    let loop = LoopMetrics(
      routes: others, services: services, upstreams: others, consumers: services,
      policies: services)
    _ = (services.number("x"), others.number("x", "y"))
    loop.finished(
      route: 0, service: 0, consumer: 0, status: 200, problem: nil, nanoseconds: 1, bytesIn: 1,
      bytesOut: 1)
    loop.upstreamFailed(0, .timedOut)
    loop.refused(byPolicy: 0)
    var exposition = Exposition([loop])
    (exposition.routes, exposition.services, exposition.upstreams) = (others, services, others)
    (exposition.consumers, exposition.policyNames) = (services, services)
    exposition.events = EventMetrics(
      streams: [EventCounts(subscriber: "x", delivered: 1, lost: 1)], storeLost: 1,
      outputs: [
        EventMetrics.Output(
          name: "x", sent: 1, rejected: 1, lost: 1, failures: 1, waitingBytes: 1)
      ])
    (exposition.version, exposition.startUnixSeconds) = ("1", 1)
    exposition.certificates = [CertificateExpiry(name: "x", notAfter: 1)]
    let text = try ExpositionText(exposition.render())
    return Set(text.samples.map(\.name)).union(text.types.keys)
  }

  @Test(arguments: [
    "Packaging/alerts.yml", "Packaging/dashboard.json", "Documentation/guide/operating.md",
  ])
  func `Each metric that is spoken of is told`(path: String) throws {
    let text = try String(contentsOf: AlarmTests.root.appending(path: path), encoding: .utf8)
    let spoken = Set(text.matches(of: /gatehouse_[a-z_]+[a-z]/).map { String($0.output) })
    #expect(spoken.count > 10)
    #expect(spoken.subtracting(try names()).isEmpty)
  }

  @Test func `Each metric is explained in the guide`() throws {
    let guide = AlarmTests.root.appending(path: "Documentation/guide/operating.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    for name in try names() {
      // Where several begin alike, the guide gives the rest of the name.
      let words = name.split(separator: "_")
      let isTold = (1...words.count).contains { count in
        let rest = words.suffix(count).joined(separator: "_")
        return text.contains("`_\(rest)") || text.contains("`gatehouse_\(rest)")
      }
      let stem = name.replacing(/_(bucket|sum|count)$/, with: "")
      #expect(isTold || text.contains("`\(stem)"), "\(name)")
    }
  }
}
