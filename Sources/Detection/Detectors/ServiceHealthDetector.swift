import Blueprint

/// A service fails, or is slow, far more than is usual for it.
///
/// It is looked at by stretches of half a window. Two in a row have to be bad, so that one slow
/// query is no alert, unless one is far beyond doubt; and what is bad is not learnt as usual.
struct ServiceHealthDetector: Sendable {
  private struct Service: Sendable {
    var place: UInt64 = 0
    var requests = 0
    var failures = 0
    var slow = QuantileSketch()
    /// The share of failures, and the logarithm of the 95th percentile in microseconds.
    var usualFailures = Baseline()
    var usualSlow = Baseline()
    var failing = 0
    var slowing = 0
  }

  private var services = KeyedTable(capacity: 256, halfLifeSeconds: 86_400, fresh: Service())

  /// Stretches before it is known what is usual.
  private static let stretchesMin = 20
  /// Requests of a stretch that it can be judged by.
  private static let requestsMin = 20
  /// What nobody calls slow, in microseconds.
  private static let slowMin = 20_000.0

  var bytesHeld: Int { services.bytesHeld + 256 * 1024 }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let errors = findings.settings[.errorSpike]
    let latency = findings.settings[.latencySpike]
    guard errors.isOn || latency.isOn, fact.service != 0 else { return }
    let length = UInt64(max(1000, errors.windowMilliseconds / 2))
    let place = fact.now / length
    services.update(fact.service, at: fact.now) { service in
      if place != service.place {
        if service.place != 0, service.requests >= Self.requestsMin {
          if errors.isOn { Self.judgeErrors(&service, fact, errors, &findings) }
          if latency.isOn { Self.judgeLatency(&service, fact, latency, &findings) }
        }
        // What was too little to judge counts on.
        if service.requests >= Self.requestsMin || place > service.place + 4 {
          (service.requests, service.failures) = (0, 0)
          service.slow.clear()
        }
        service.place = place
      }
      service.requests += 1
      if fact.outcome == .failure { service.failures += 1 }
      if fact.isFromUpstream { service.slow.insert(Double(fact.upstreamMicroseconds)) }
    }
  }

  /// The share of failures against what is usual: so many standard errors of a share, or more.
  private static func judgeErrors(
    _ service: inout Service, _ fact: Observation, _ settings: DetectorBlueprint,
    _ findings: inout Findings
  ) {
    let share = Double(service.failures) / Double(service.requests)
    let usual = service.usualFailures.mean
    guard service.usualFailures.count >= stretchesMin else {
      return service.usualFailures.learn(share, memory: 200)
    }
    let error = (max(usual, 0.005) / Double(service.requests)).squareRoot()
    let limit = findings.limit(.errorSpike, fact.service, Double(settings.threshold))
    let isBad =
      Double(service.failures) >= limit && share >= usual + 5 * error
      && share >= settings.factor * usual
    guard isBad else {
      service.failing = 0
      return service.usualFailures.learn(share, memory: 200)
    }
    service.failing += 1
    guard service.failing >= 2 || share >= 0.25 else { return }
    findings.raise(
      .errorSpike, fact.service, .service, at: fact.now,
      [
        AlertFigure("failures", service.failures), AlertFigure("requests", service.requests),
        AlertFigure("usual failures in 10,000", usual * 10_000),
      ])
  }

  private static func judgeLatency(
    _ service: inout Service, _ fact: Observation, _ settings: DetectorBlueprint,
    _ findings: inout Findings
  ) {
    guard service.slow.count >= requestsMin else { return }
    let slow = service.slow.quantile(0.95)
    let usual = Exponent.exp2(service.usualSlow.mean)
    guard service.usualSlow.count >= stretchesMin else {
      return service.usualSlow.learn(Exponent.log2(max(1, slow)), memory: 200)
    }
    let isOpen = findings.isOpen(.latencySpike, fact.service)
    let factor = isOpen ? 1 + (settings.factor - 1) / 2 : settings.factor
    let isBad =
      slow >= slowMin && slow >= factor * usual
      && service.usualSlow.score(Exponent.log2(slow), floor: 0.2) >= 4
    guard isBad else {
      service.slowing = 0
      return service.usualSlow.learn(Exponent.log2(max(1, slow)), memory: 200)
    }
    service.slowing += 1
    guard service.slowing >= 2 else { return }
    findings.raise(
      .latencySpike, fact.service, .service, at: fact.now,
      [
        AlertFigure("slowest of 20, in microseconds", slow),
        AlertFigure("usual, in microseconds", usual),
        AlertFigure("requests", service.requests),
      ])
  }
}
