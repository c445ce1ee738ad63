import Base
import Foundation
import Testing

@testable import Telemetry

/// Prometheus' own tool reads what we give it.
@Suite struct PromtoolTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func run(
    _ arguments: [String], input: Data? = nil
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/promtool")
    process.arguments = arguments
    let (given, output) = (Foundation.Pipe(), Foundation.Pipe())
    process.standardInput = given
    process.standardOutput = output
    process.standardError = output
    try process.run()
    if let input { try given.fileHandleForWriting.write(contentsOf: input) }
    try given.fileHandleForWriting.close()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test func `Promtool takes the alarms`() throws {
    let path = PromtoolTests.root.appending(path: "Packaging/alerts.yml").path
    let result = try run(["check", "rules", path])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("rules found"))
  }

  @Test func `Promtool takes the expressions of the dashboard, whose panels do not overlap`() throws
  {
    let path = PromtoolTests.root.appending(path: "Packaging/dashboard.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: path))
    let panels = (object as? [String: Any])?["panels"] as? [[String: Any]] ?? []
    #expect(panels.count > 15)
    var rules = "groups:\n- name: panels\n  rules:\n"
    var places: Set<String> = []
    for panel in panels {
      for target in panel["targets"] as? [[String: Any]] ?? [] {
        let text = (target["expr"] as? String ?? "").replacing("$__rate_interval", with: "5m")
          .replacing("$instance", with: ".*").replacing("\\", with: "\\\\")
          .replacing("\"", with: "\\\"")
        rules += "  - record: a:b\n    labels: { n: \"\(rules.count)\" }\n    expr: \"\(text)\"\n"
      }
      let place = panel["gridPos"] as? [String: Int] ?? [:]
      places.insert("\(place["x"] ?? -1) \(place["y"] ?? -1)")
    }
    #expect(places.count == panels.count)
    let file = FileManager.default.temporaryDirectory.appending(path: "panels-\(UUID()).yml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(rules.utf8).write(to: file)
    let result = try run(["check", "rules", file.path])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func `Promtool reads the metrics, whatever consumers are called`() throws {
    let names = MetricNames(labels: ["consumer"], capacity: 2)
    let policies = MetricNames(labels: ["policy"], capacity: 2)
    let loop = LoopMetrics(consumers: names, policies: policies)
    for name in ["a\"b\\c\nd", "shop", "third", "fourth"] {
      loop.finished(
        route: -1, consumer: loop.number(ofConsumer: name), status: 200, problem: nil,
        nanoseconds: 2_000_000, bytesIn: 1, bytesOut: 2)
    }
    loop.refused(byPolicy: policies.number("api-key"))
    var exposition = Exposition([loop])
    (exposition.consumers, exposition.policyNames) = (names, policies)
    let bytes = exposition.render()
    let text = String(decoding: bytes, as: UTF8.self)
    // DOS-18: as many rows as there are numbers, and one for all others.
    #expect(
      text.contains("gatehouse_consumer_requests_total{consumer=\"shop\",status=\"2xx\"} 1\n"))
    #expect(
      text.contains("gatehouse_consumer_requests_total{consumer=\"(other)\",status=\"2xx\"} 2\n"))
    #expect(text.contains("gatehouse_policy_refusals_total{policy=\"api-key\"} 1\n"))
    #expect(!text.contains("third"))
    let result = try run(["check", "metrics"], input: Data(bytes))
    // It wants no word of ours to be another; what it cannot read it calls an error.
    #expect(!result.output.contains("error"), "\(result.output)")
  }
}
