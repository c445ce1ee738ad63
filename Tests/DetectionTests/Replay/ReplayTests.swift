import Blueprint
import Foundation
import Testing

@testable import Detection

/// Each detector against labelled replays: `DETECTION_SEEDS=100-139` and `DETECTION_REQUESTS` make
/// them as many and as long as `Benchmarks/detection` wants them.
@Suite struct ReplayTests {
  static let kinds: [DetectorName] = DetectorName.allCases.filter {
    $0 != .impossibleTravel && $0 != .rule
  }

  static func seeds() -> [UInt64] {
    let text = ProcessInfo.processInfo.environment["DETECTION_SEEDS"] ?? "7-7"
    let parts = text.split(separator: "-").compactMap { UInt64($0) }
    return parts.count == 2 && parts[0] <= parts[1] ? Array(parts[0]...parts[1]) : [7]
  }

  @Test func `Attacks among a thousand times as much are found, and nothing else is`() {
    let environment = ProcessInfo.processInfo.environment
    let requests = environment["DETECTION_REQUESTS"].flatMap { Int($0) } ?? 150_000
    let isFull = environment["DETECTION_SEEDS"] != nil
    // A short replay is as long in time, and has fewer requests in it.
    let rate = Double(requests) / 21_600
    var scores: [DetectorName: Replay.Score] = [:]
    var (attackEvents, incidentEvents) = (0, 0)
    for seed in Self.seeds() {
      var replay = Replay(seed: seed, requests: requests, rate: rate, kinds: Self.kinds)
      replay.run()
      for (name, score) in replay.scores { scores[name, default: .init()].add(score) }
      attackEvents += replay.attackEvents
      incidentEvents += replay.incidentEvents
      if isFull { print((replay.wrongAlerts + replay.missed).joined(separator: "\n")) }
    }
    let seeds = Self.seeds()
    print("replays \(seeds.count), requests \(requests * seeds.count),", terminator: " ")
    print("of attacks \(attackEvents), of incidents \(incidentEvents)")
    for name in Self.kinds { print(Self.row(name, scores[name] ?? .init())) }
    for name in Self.kinds {
      let score = scores[name] ?? .init()
      #expect(score.recall >= 0.95, "\(name.rawValue) found \(score.found) of \(score.attacks)")
      #expect(score.precision >= 0.95, "\(name.rawValue): \(score.wrong) of \(score.alerts) wrong")
    }
  }

  private static func row(_ name: DetectorName, _ score: Replay.Score) -> String {
    func middle(_ numbers: [Double], _ share: Double) -> String {
      let sorted = numbers.sorted()
      if sorted.isEmpty { return "-" }
      return String(
        format: "%.0f", sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
    }
    let events = score.events.map(Double.init)
    return "| \(name.rawValue) | \(score.attacks) | "
      + String(format: "%.3f | %d | %.3f", score.recall, score.alerts, score.precision)
      + " | \(middle(score.seconds, 0.5)) s | \(middle(score.seconds, 0.95)) s"
      + " | \(middle(events, 0.5)) |"
  }
}
