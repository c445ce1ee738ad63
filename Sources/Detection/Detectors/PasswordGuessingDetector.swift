import Blueprint

/// Many passwords tried on one name, from wherever.
///
/// Whoever has forgotten a password tries a few; a program with an old one tries the same again
/// and again.
struct PasswordGuessingDetector: Sendable {
  private struct Name: Sendable {
    var wrong = RecentDistinct()
    var attempts = RecentCount()
  }

  private var names = KeyedTable(capacity: 8192, halfLifeSeconds: 600, fresh: Name())

  var bytesHeld: Int { names.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.passwordGuessing]
    guard settings.isOn, fact.outcome == .wrongCredentials, fact.subject != 0,
      fact.credential != 0
    else { return }
    let window = UInt64(settings.windowMilliseconds)
    let limit = findings.limit(.passwordGuessing, fact.subject, Double(settings.threshold))
    let wrong: Double? = names.update(fact.subject, at: fact.now) { name in
      name.wrong.insert(fact.credential, at: fact.now, window: window)
      guard Double(name.attempts.add(at: fact.now, window: window)) >= limit else { return nil }
      return name.wrong.estimate(at: fact.now, window: window)
    }
    guard let wrong, wrong >= limit else { return }
    findings.raise(
      .passwordGuessing, fact.subject, .name, at: fact.now,
      [AlertFigure("different passwords", wrong)])
  }
}
