import Base
public import Blueprint
import Synchronization
public import Telemetry

/// Looks for attacks and faults in the stream of events, and learns which endpoints there are.
///
/// It is called on a thread of its own and holds up nobody; what it keeps in mind has a size that
/// no flood of events changes.
public final class DetectionEngine: EventSubscriber {
  private struct State {
    var observer: Observer
    var detectors: DetectorSet
    var catalogue = EndpointCatalogue()
    var findings: Findings
    var start: UInt64 = 0
    var events: UInt64 = 0
    var nanoseconds: UInt64 = 0
    var damaged: UInt64 = 0
  }

  /// What metrics and messages call it.
  public let name = "detection"
  /// The alerts.
  public let book: AlertBook
  private let state: Mutex<State>
  private let mix: KeyMix
  private let machine: @Sendable () -> UInt64
  private let tell: @Sendable ([Alert]) -> Void

  /// An engine whose keys are under `seed`, which nobody else knows. `machine` tells the time in
  /// milliseconds since 1970; `tell` gets what is news, on the engine's thread.
  public init(
    _ settings: DetectionBlueprint, seed: UInt64, files: DetectionFiles = DetectionFiles(),
    machine: @escaping @Sendable () -> UInt64,
    tell: @escaping @Sendable ([Alert]) -> Void
  ) {
    let mix = KeyMix(seed: seed)
    let book = AlertBook(settings.alerts)
    self.mix = mix
    self.book = book
    self.machine = machine
    self.tell = tell
    state = Mutex(
      State(
        observer: Observer(mix: mix),
        detectors: DetectorSet(settings, mix: mix, files),
        findings: Findings(book, settings)))
  }

  /// Takes other settings from now on; what was learnt stays.
  public func adopt(
    _ settings: DetectionBlueprint, files: DetectionFiles = DetectionFiles()
  ) {
    book.adopt(settings.alerts)
    state.withLock { state in
      state.findings = Findings(book, settings)
      state.detectors.adopt(settings, files)
    }
  }

  /// Takes over what the descriptions of APIs have.
  public func describe(_ endpoints: [DescribedEndpoint]) {
    state.withLock { state in
      state.observer.describe(endpoints)
      state.catalogue.describe(endpoints, state.observer.shaper, mix)
    }
  }

  /// The endpoints that were seen, and those that are described.
  public var endpoints: [EndpointRecord] { state.withLock { $0.catalogue.all } }

  /// Events that were looked at, and blocks that were damaged.
  public var counts: (events: UInt64, damaged: UInt64) {
    state.withLock { ($0.events, $0.damaged) }
  }

  /// The bytes that tables and sketches take, whatever happens; the catalogue's at most.
  public var bytesHeld: Int {
    state.withLock {
      $0.observer.shaper.bytesHeld + $0.detectors.bytesHeld + $0.catalogue.bytesHeld
    }
  }

  /// Takes events of one loop.
  public func receive(_ block: EventBlock) {
    let time = machine()
    state.withLock { state in
      state.observer.look(at: time)
      let isWhole = block.forEach { event in observe(event, &state) }
      // What stands behind something damaged is lost; the next block begins anew.
      if !isWhole { state.damaged += 1 }
      book.settle(at: state.observer.now)
    }
    let news = book.takeNews()
    if !news.isEmpty { tell(news) }
  }

  /// Closes alerts also while no events come.
  public func settle() {
    let time = machine()
    if time != .max { book.settle(at: time) }
    let news = book.takeNews()
    if !news.isEmpty { tell(news) }
  }

  private func observe(_ event: borrowing Event, _ state: inout State) {
    guard let fact = state.observer.observe(event) else { return }
    state.events += 1
    if state.start == 0 { state.start = fact.now }
    let learnt = state.start &+ UInt64(state.findings.settings.learningMilliseconds)
    state.findings.isLearning = fact.now < learnt
    state.detectors.observe(fact, event, &state.findings)
    discover(fact, event, &state)
    if let again = state.findings.again {
      state.findings.again = nil
      book.add(sample: AlertMaker.sample(event), to: again.detector, again.key)
    }
    guard !state.findings.news.isEmpty else { return }
    for finding in state.findings.news {
      let name = state.catalogue.name(finding.key)
      book.put(
        AlertMaker.alert(
          finding, fact, event, settings: state.findings.settings, endpoint: name, mix),
        key: finding.key)
    }
    state.findings.news.removeAll(keepingCapacity: true)
  }

  private func discover(
    _ fact: Observation, _ event: borrowing Event, _ state: inout State
  ) {
    let isLearning = state.findings.isLearning
    let (sight, key) = state.catalogue.observe(
      fact, event, mix, isLearning: isLearning,
      successesMin: state.findings.settings[.newEndpoint].threshold)
    switch sight {
    case .nothing, .known: return
    case .new:
      guard state.findings.settings[.newEndpoint].isOn else { return }
      state.findings.raise(.newEndpoint, key, .endpoint, at: fact.now, [])
    case .shadow:
      guard state.findings.settings[.shadowEndpoint].isOn else { return }
      state.findings.raise(.shadowEndpoint, key, .endpoint, at: fact.now, [])
    }
  }
}
