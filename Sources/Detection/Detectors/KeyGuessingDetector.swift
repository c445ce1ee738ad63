import Blueprint

/// Many wrong keys or tokens from one address or network: somebody guesses, or tries what he found.
///
/// A program with one wrong key shows one. A credential that was right before is none that was
/// guessed: it has run out.
struct KeyGuessingDetector: Sendable {
  private var sources = KeyedTable(
    capacity: 4096, halfLifeSeconds: 600, fresh: FailureSource())

  private var right = RecentMembers()

  var bytesHeld: Int { sources.bytesHeld + right.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.keyGuessing]
    guard settings.isOn, fact.credential != 0, fact.subject == 0 else { return }
    let window = UInt64(settings.windowMilliseconds)
    guard fact.outcome == .wrongCredentials else {
      if fact.consumer != 0 { right.insert(fact.credential) }
      for source in [fact.address, fact.network] {
        sources.updateIfKnown(source) {
          _ = $0.right.insert(fact.credential, at: fact.now, window: window)
        }
      }
      return
    }
    if right.contains(fact.credential) { return }
    let threshold = Double(settings.threshold)
    look(fact, fact.address, .address, threshold, window, &findings)
    if !findings.isOpen(.keyGuessing, fact.address) {
      look(fact, fact.network, .network, threshold * 1.5, window, &findings)
    }
  }

  private mutating func look(
    _ fact: Observation, _ key: UInt64, _ subject: AlertSubject, _ threshold: Double,
    _ window: UInt64, _ findings: inout Findings
  ) {
    let limit = findings.limit(.keyGuessing, key, threshold)
    let figures: [AlertFigure]? = sources.update(key, at: fact.now) { source in
      let attempts = source.attempts.add(at: fact.now, window: window)
      source.wrong.insert(fact.credential, at: fact.now, window: window)
      guard Double(attempts) >= limit else { return nil }
      let wrong = source.wrong.estimate(at: fact.now, window: window)
      let right = source.right.estimate(at: fact.now, window: window)
      guard wrong >= limit, wrong >= right else { return nil }
      return [
        AlertFigure("credentials that were wrong", wrong),
        AlertFigure("credentials that were right", right),
        AlertFigure("failed attempts", Int(attempts)),
      ]
    }
    if let figures { findings.raise(.keyGuessing, key, subject, at: fact.now, figures) }
  }
}
