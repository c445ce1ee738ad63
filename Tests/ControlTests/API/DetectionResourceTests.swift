import Blueprint
import Control
import Formats
import Testing

@testable import Detection

@Suite struct DetectionResourceTests {
  @Test func `Without detection it is said that there is none`() throws {
    let bench = try AdminBench()
    try bench.setUp()
    for path in ["/v1/alerts", "/v1/alerts/1", "/v1/discovery/endpoints"] {
      let answer = bench.send("GET", path, as: "owner")
      #expect(answer.status == 409, "\(path)")
    }
  }

  @Test func `Alerts are listed page by page, and shown one by one`() throws {
    let engine = DetectionEngine(
      DetectionBlueprint(), seed: 1, machine: { .max }, tell: { _ in })
    let bench = try AdminBench(detection: { engine })
    try bench.setUp()
    for number in 0..<5 { engine.book.put(alert(number), key: UInt64(number)) }
    let first = bench.send("GET", "/v1/alerts?limit=3", as: "owner")
    #expect(first.status == 200)
    let items = first.body["items"]?.elements ?? []
    #expect(items.compactMap { $0["id"]?.string } == ["id4", "id3", "id2"])
    let next = try #require(first.body["next"]?.string)
    let second = bench.send("GET", "/v1/alerts?limit=3&cursor=\(next)", as: "owner")
    #expect(
      second.body["items"]?.elements.compactMap { $0["id"]?.string } == ["id1", "id0"])
    #expect(
      bench.send("GET", "/v1/alerts?state=closed", as: "owner")
        .body["items"]?.elements.isEmpty == true)
    #expect(bench.send("GET", "/v1/alerts?state=no", as: "owner").status == 400)
    let one = bench.send("GET", "/v1/alerts/id2", as: "owner")
    #expect(one.body["detector"]?.string == "scanner")
    #expect(one.body["evidence"]?["paths"]?.integer == 2)
    #expect(bench.send("GET", "/v1/alerts/none", as: "owner").status == 404)
    #expect(bench.send("GET", "/v1/discovery/description/x", as: "owner").status == 404)
    #expect(bench.send("GET", "/v1/discovery/endpoints", as: "owner").status == 200)
    #expect(
      bench.send("GET", "/v1/discovery/endpoints?standing=odd", as: "owner").status
        == 400)
  }

  private func alert(_ number: Int) -> Alert {
    Alert(
      id: "id\(number)", detector: .scanner, severity: .medium, title: "t", subject: .address,
      name: "192.0.2.\(number)", firstMilliseconds: 1_770_091_200_000,
      lastMilliseconds: 1_770_091_200_000 + UInt64(number) * 1000,
      figures: [AlertFigure("paths", number)])
  }
}
