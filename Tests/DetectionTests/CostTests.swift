import Foundation
import Telemetry
import Testing

@testable import Detection

/// What an event costs the detection thread; `DETECTION_COST=1` prints it.
@Suite struct CostTests {
  @Test func `Ordinary traffic is looked at`() {
    let isMeasured = ProcessInfo.processInfo.environment["DETECTION_COST"] != nil
    let requests = isMeasured ? 1_000_000 : 20_000
    var world = ReplayWorld(seed: 42, start: Replay.start)
    var blocks = ReplayBlocks()
    var made: [EventBlock] = []
    for step in 0..<requests {
      let event = world.next(at: Replay.start + UInt64(step) * 20)
      if let block = blocks.add(event) { made.append(block) }
    }
    let engine = DetectionEngine(
      Replay.settings(), seed: 1, machine: { .max }, tell: { _ in })
    // The time of the processor: others work on the machine too.
    let before = clock()
    for block in made { engine.receive(block) }
    let nanoseconds = Double(clock() - before) * 1e9 / Double(CLOCKS_PER_SEC)
    let events = engine.counts.events
    #expect(events > UInt64(requests) * 9 / 10)
    if isMeasured {
      print("events \(events), \(Int(nanoseconds / Double(events))) ns each,", terminator: " ")
      print("\(engine.bytesHeld >> 20) MiB held")
    }
  }
}
