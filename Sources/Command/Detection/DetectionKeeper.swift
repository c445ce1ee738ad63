import Blueprint
import Crypto
import Detection
import Runtime
import Synchronization
import Telemetry

/// The detection engine as the configuration has it.
///
/// What was learnt outlives a reload; it goes with the process, as the marks in events do.
final class DetectionKeeper: Sendable {
  private let stream: EventStream
  private let teller: AlertTeller
  private let running = Mutex<DetectionEngine?>(nil)

  /// Nothing is looked for yet; alerts become events of `stream`, and `responses` is what can be
  /// done about them.
  init(
    _ stream: EventStream, responses: [ResponseBlueprint.Action: any AlertResponse]
  ) {
    self.stream = stream
    teller = AlertTeller(stream, responses: responses)
  }

  /// The engine that runs; nil if none does.
  var engine: DetectionEngine? { running.withLock { $0 } }

  /// What came of it so far; nil if nobody looks.
  var counts: AlertCounts? {
    engine.map { engine in
      AlertCounts(
        opened: teller.counts, overflow: engine.book.overflow, damaged: engine.counts.damaged)
    }
  }

  /// Brings the engine to what a configuration says; descriptions are beside the file at `path`.
  func change(to configuration: Configuration, beside path: String) throws(DetectionError) {
    let blueprint = configuration.blueprint
    guard let settings = blueprint.detection else { return stop() }
    // A response that would do nothing is worse than none: somebody relies on it.
    for chosen in settings.responses where !teller.can(chosen.action) {
      throw DetectionError(
        "'detection.responses': this gateway cannot '\(chosen.action.rawValue)'")
    }
    let described = DetectionFileReader.described(blueprint, Folder(of: path))
    teller.use(settings.responses)
    if let engine {
      engine.adopt(settings, files: configuration.detectionFiles)
      return engine.describe(described)
    }
    guard let seed = try? SecureRandom.word() else {
      throw DetectionError("there are no random bytes for detection")
    }
    let teller = teller
    let engine = DetectionEngine(
      settings, seed: seed, files: configuration.detectionFiles,
      machine: { Clock.wallMilliseconds }, tell: { teller.tell($0) })
    teller.use(engine.book)
    engine.describe(described)
    guard stream.attach(engine) else {
      throw DetectionError("there is no thread for detection")
    }
    running.withLock { $0 = engine }
  }

  private func stop() {
    let old = running.withLock { engine in
      defer { engine = nil }
      return engine
    }
    if let old { stream.detach(old) }
  }
}
