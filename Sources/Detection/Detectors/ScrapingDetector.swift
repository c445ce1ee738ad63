import Blueprint

/// One caller takes far more than callers of the service do, and far more than it does itself.
///
/// What is usual is learnt: for each service, how much a caller takes within a window; for each
/// caller, what it takes itself.
struct ScrapingDetector: Sendable {
  private struct Caller: Sendable {
    var bytes = RecentCount()
    var requests = RecentCount()
    var place: UInt64 = 0
    /// The logarithm of the bytes of a window.
    var usual = Baseline()
  }

  private struct Service: Sendable {
    var bytes = QuantileSketch()
  }

  /// Sizes of an operation's answers, lately and ever: if all have grown, it is nobody's doing.
  private struct Operation: Sendable {
    var recent = QuantileSketch()
    var ever = QuantileSketch()
    var growth: Float = 1

    /// Counts the size of an answer, and tells how many times larger answers are than they were.
    mutating func count(_ size: Double) -> Double {
      recent.insert(size)
      ever.insert(size)
      // The middles are looked up now and then: they move slowly.
      if recent.count % 32 == 0 {
        growth = Float(max(1, recent.quantile(0.5) / max(1, ever.quantile(0.5))))
      }
      if recent.count >= 256 { recent.halve() }
      if ever.count >= 1 << 20 { ever.halve() }
      return Double(growth)
    }
  }

  private var callers: KeyedTable<Caller>
  private var services = KeyedTable(capacity: 256, halfLifeSeconds: 86_400, fresh: Service())
  private var operations = KeyedTable(
    capacity: 1024, halfLifeSeconds: 86_400, fresh: Operation())
  private let mix: KeyMix

  /// What nobody calls much, in bytes.
  private static let bytesMin: UInt64 = 1 << 20

  init(mix: KeyMix) {
    self.mix = mix
    callers = KeyedTable(capacity: 16_384, halfLifeSeconds: 3600, fresh: Caller())
  }

  var bytesHeld: Int {
    callers.bytesHeld + services.bytesHeld + operations.bytesHeld + 2_304 * 1024
  }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.scraping]
    guard settings.isOn, fact.outcome == .success else { return }
    let window = UInt64(settings.windowMilliseconds)
    let key = mix.key(fact.caller, fact.service, 7)
    let isOpen = findings.isOpen(.scraping, key)
    let factor = isOpen ? settings.factor / 2 : settings.factor
    let growth = operations.update(fact.operation, at: fact.now) {
      $0.count(Double(fact.bytesOut))
    }
    // No answer is as long as a number can be.
    let size = UInt64(min(Double(fact.bytesOut) / max(1, growth), 1e15))
    var closed: UInt64 = 0
    var (bytes, requests, own, windows): (UInt64, UInt64, Double, Int) = (0, 0, 0, 0)
    callers.update(key, at: fact.now) { caller in
      let place = fact.now / max(1, window)
      if place != caller.place {
        if caller.place != 0 {
          closed = caller.bytes.value(at: caller.place &* window &+ window &- 1, window: window)
          // One that is being told of is not usual.
          if !isOpen { caller.usual.learn(Exponent.log2(Double(max(1, closed))), memory: 50) }
        }
        caller.place = place
      }
      bytes = caller.bytes.add(size, at: fact.now, window: window)
      requests = caller.requests.add(at: fact.now, window: window)
      (own, windows) = (caller.usual.mean, caller.usual.count)
    }
    if closed > 0, !isOpen {
      services.update(fact.service, at: fact.now) { $0.bytes.insert(Double(closed)) }
    }
    guard bytes >= Self.bytesMin, !findings.isLearning else { return }
    let usual =
      services.updateIfKnown(fact.service) { service in
        service.bytes.count >= settings.threshold ? service.bytes.quantile(0.99) : 0
      } ?? 0
    guard usual > 0, Double(bytes) >= factor * usual else { return }
    let ownUsual = windows > 0 ? Exponent.exp2(own) : 0
    guard Double(bytes) >= factor * ownUsual else { return }
    findings.raise(
      .scraping, key, .caller, at: fact.now,
      [
        AlertFigure("bytes", Double(bytes)), AlertFigure("requests", Double(requests)),
        AlertFigure("usual bytes of nearly all callers", usual),
        AlertFigure("usual bytes of this caller", ownUsual),
      ])
  }
}
