import Blueprint
import Telemetry

@testable import Detection

/// Gives whatever the fuzzer makes up to the detection engine as a block of events: it goes on, and
/// what it keeps in mind does not grow.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDetection(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let engine = FuzzedEngine.engine
  let before = engine.counts
  engine.receive(EventBlock(kept: bytes))
  engine.settle()
  precondition(engine.counts.events >= before.events, "counted back")
  precondition(engine.bytesHeld == FuzzedEngine.bytesHeld, "grown")
  precondition(engine.book.all.count <= AlertBook.openMax + AlertBook.closedMax, "too many")
  return 0
}

/// One engine for all inputs, as the gateway has one for all events.
enum FuzzedEngine {
  static let engine: DetectionEngine = {
    var settings = DetectionBlueprint()
    settings.learningMilliseconds = 0
    for name in DetectorName.allCases {
      var detector = DetectorBlueprint(name)
      detector.threshold = 1
      settings.detectors[name] = detector
    }
    settings.honey.paths = ["/a/"]
    return DetectionEngine(settings, seed: 1, machine: { 1_770_000_000_000 }, tell: { _ in })
  }()
  static let bytesHeld = engine.bytesHeld
}
