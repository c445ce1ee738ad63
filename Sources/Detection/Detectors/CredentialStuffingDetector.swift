import Blueprint

/// Many names tried from one address, or from one network: lists of stolen passwords.
///
/// A source stands out by how many different names fail from it, and by their share: an office
/// behind one address has many who succeed.
struct CredentialStuffingDetector: Sendable {
  private var sources = KeyedTable(
    capacity: 4096, halfLifeSeconds: 600, fresh: FailureSource())

  var bytesHeld: Int { sources.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.credentialStuffing]
    guard settings.isOn else { return }
    let window = UInt64(settings.windowMilliseconds)
    guard fact.outcome == .wrongCredentials else {
      if fact.outcome == .success || fact.outcome == .redirection {
        for source in [fact.address, fact.network] {
          sources.updateIfKnown(source) { source in
            source.others.add(at: fact.now, window: window)
            if fact.consumer != 0 {
              source.right.insert(fact.consumer, at: fact.now, window: window)
            }
          }
        }
      }
      return
    }
    // A credential without a name is a key or a token, which another detector looks at.
    if fact.subject == 0, fact.credential != 0 { return }
    let threshold = Double(settings.threshold)
    look(fact, fact.address, .address, threshold, window, &findings)
    // One alert for each attack: a network is looked at as a whole if no address stands out.
    if !findings.isOpen(.credentialStuffing, fact.address) {
      look(fact, fact.network, .network, threshold * 1.5, window, &findings)
    }
  }

  private mutating func look(
    _ fact: Observation, _ key: UInt64, _ subject: AlertSubject, _ threshold: Double,
    _ window: UInt64, _ findings: inout Findings
  ) {
    let limit = findings.limit(.credentialStuffing, key, threshold)
    let figures: [AlertFigure]? = sources.update(key, at: fact.now) { source in
      let attempts = source.attempts.add(at: fact.now, window: window)
      if fact.subject == 0 {
        let unnamed = source.unnamed.add(at: fact.now, window: window)
        let others = source.others.value(at: fact.now, window: window)
        guard Double(unnamed) >= 2.5 * limit, unnamed > 2 * others else { return nil }
        return [AlertFigure("failed attempts", Int(unnamed))]
      }
      source.wrong.insert(fact.subject, at: fact.now, window: window)
      // Estimates cost more than counts.
      guard Double(attempts) >= limit else { return nil }
      let wrong = source.wrong.estimate(at: fact.now, window: window)
      guard wrong >= limit else { return nil }
      let right = source.right.estimate(at: fact.now, window: window)
      guard wrong >= right else { return nil }
      return [
        AlertFigure("names that failed", wrong), AlertFigure("callers that succeeded", right),
        AlertFigure("failed attempts", Int(attempts)),
      ]
    }
    if let figures {
      findings.raise(.credentialStuffing, key, subject, at: fact.now, figures)
    }
  }
}
