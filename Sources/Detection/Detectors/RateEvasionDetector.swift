import Blueprint

/// One credential, or one client by the look of its TLS, comes from more and more networks, so that
/// no address reaches a limit.
///
/// A fleet of programs that share a key is known for its networks.
struct RateEvasionDetector: Sendable {
  private struct Caller: Sendable {
    var networks = RecentDistinct()
    var requests = RecentCount()
    var place: UInt64 = 0
    /// The greatest number of networks in a window, of which what is old counts for less.
    var peak = 0.0
  }

  private var callers: KeyedTable<Caller>
  private let mix: KeyMix

  init(mix: KeyMix) {
    self.mix = mix
    callers = KeyedTable(capacity: 16_384, halfLifeSeconds: 3600, fresh: Caller())
  }

  var bytesHeld: Int { callers.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.rateEvasion]
    guard settings.isOn, fact.outcome != .wrongCredentials else { return }
    if fact.credential != 0 {
      look(fact, mix.key(fact.credential, 11), .credential, settings, 1, &findings)
    } else if fact.fingerprint != 0 {
      // Many who are not one look the same: it takes much more, and one operation.
      let key = mix.key(fact.fingerprint, fact.operation, 13)
      look(fact, key, .endpoint, settings, 5, &findings)
    }
  }

  private mutating func look(
    _ fact: Observation, _ key: UInt64, _ subject: AlertSubject, _ settings: DetectorBlueprint,
    _ weight: Double, _ findings: inout Findings
  ) {
    let window = UInt64(settings.windowMilliseconds)
    let limit = findings.limit(.rateEvasion, key, Double(settings.threshold) * weight)
    let isLearning = findings.isLearning
    let figures: [AlertFigure]? = callers.update(key, at: fact.now) { caller in
      let place = fact.now / max(1, window)
      if place != caller.place {
        if caller.place != 0 {
          let closing = caller.place &* window &+ window &- 1
          let networks = caller.networks.estimate(at: closing, window: window)
          caller.peak = max(caller.peak * 0.999, networks)
        }
        caller.place = place
      }
      let isNew = caller.networks.insert(fact.network, at: fact.now, window: window)
      let requests = caller.requests.add(at: fact.now, window: window)
      guard isNew, !isLearning, Double(requests) >= limit else { return nil }
      let networks = caller.networks.estimate(at: fact.now, window: window)
      guard networks >= limit - 0.5, networks >= settings.factor * caller.peak else { return nil }
      return [
        AlertFigure("networks", networks), AlertFigure("requests", Int(requests)),
        AlertFigure("usual networks", caller.peak),
      ]
    }
    if let figures { findings.raise(.rateEvasion, key, subject, at: fact.now, figures) }
  }
}
