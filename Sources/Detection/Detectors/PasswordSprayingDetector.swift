import Blueprint

/// A few passwords tried on many names, slowly, or from many addresses, so that no source stands
/// out: what does is how many different names fail at a service at once.
///
/// A slow source is seen as well, over a window twelve times as long.
struct PasswordSprayingDetector: Sendable {
  private struct Service: Sendable {
    var names = RecentDistinct()
    var attempts = RecentCount()
    var half: UInt64 = 0
    var usual = Baseline()
  }

  private var services = KeyedTable(capacity: 256, halfLifeSeconds: 86_400, fresh: Service())
  private var sources = KeyedTable(
    capacity: 4096, halfLifeSeconds: 3600, fresh: FailureSource())

  /// Windows before it is known what is usual.
  private static let windowsMin = 4

  var bytesHeld: Int { services.bytesHeld + sources.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.passwordSpraying]
    guard settings.isOn else { return }
    let long = UInt64(settings.windowMilliseconds) * 12
    guard fact.outcome == .wrongCredentials, fact.subject != 0 else {
      if fact.outcome == .success, fact.consumer != 0 {
        sources.updateIfKnown(fact.address) {
          _ = $0.right.insert(fact.consumer, at: fact.now, window: long)
        }
      }
      return
    }
    // Who is seen as a source by another detector is no more to be seen here, nor what came before.
    if findings.isOpen(.credentialStuffing, fact.address)
      || findings.isOpen(.credentialStuffing, fact.network)
      || findings.isOpen(.passwordGuessing, fact.subject)
    {
      return sources.remove(fact.address)
    }
    lookAtService(fact, settings, &findings)
    lookAtSource(fact, settings, long, &findings)
  }

  private mutating func lookAtService(
    _ fact: Observation, _ settings: DetectorBlueprint, _ findings: inout Findings
  ) {
    let window = UInt64(settings.windowMilliseconds)
    let isOpen = findings.isOpen(.passwordSpraying, fact.service)
    let limit = Double(settings.threshold)
    let deviations = isOpen ? settings.factor * 0.75 : settings.factor
    let figures: [AlertFigure]? = services.update(fact.service, at: fact.now) { service in
      let half = fact.now / max(1, window / 2)
      if half != service.half {
        // What was during an attack is not usual.
        if service.half != 0, !isOpen {
          let closing = service.half &* (window / 2) &+ window / 2 &- 1
          service.usual.learn(
            service.names.estimate(at: closing, window: window), memory: 48, floor: 2)
        }
        service.half = half
      }
      service.names.insert(fact.subject, at: fact.now, window: window)
      let attempts = service.attempts.add(at: fact.now, window: window)
      guard Double(attempts) >= limit, service.usual.count >= Self.windowsMin else { return nil }
      let names = service.names.estimate(at: fact.now, window: window)
      let floor = max(3, service.usual.mean.squareRoot())
      guard names >= limit, Double(attempts) <= 3 * names,
        names >= service.usual.mean * 1.5,
        service.usual.score(names, floor: floor) >= deviations
      else { return nil }
      return [
        AlertFigure("names that failed", names), AlertFigure("usual", service.usual.mean),
        AlertFigure("failed attempts", Int(attempts)),
      ]
    }
    guard let figures else { return }
    findings.raise(.passwordSpraying, fact.service, .service, at: fact.now, figures)
  }

  private mutating func lookAtSource(
    _ fact: Observation, _ settings: DetectorBlueprint, _ window: UInt64,
    _ findings: inout Findings
  ) {
    let limit = findings.limit(
      .passwordSpraying, fact.address, max(6, Double(settings.threshold) / 2))
    let figures: [AlertFigure]? = sources.update(fact.address, at: fact.now) { source in
      let attempts = source.attempts.add(at: fact.now, window: window)
      if attempts == 1 { source.since = fact.now }
      source.wrong.insert(fact.subject, at: fact.now, window: window)
      // Who is fast is another detector's.
      guard Double(attempts) >= limit, fact.now &- source.since >= window / 12 else { return nil }
      let wrong = source.wrong.estimate(at: fact.now, window: window)
      let right = source.right.estimate(at: fact.now, window: window)
      guard wrong >= limit, wrong >= 2 * right, Double(attempts) <= 3 * wrong else { return nil }
      return [
        AlertFigure("names that failed", wrong), AlertFigure("callers that succeeded", right),
      ]
    }
    if let figures {
      findings.raise(.passwordSpraying, fact.address, .address, at: fact.now, figures)
    }
  }
}
