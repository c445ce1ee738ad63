import Blueprint

/// One caller tries many operations that it may not use (OWASP API5, broken function level
/// authorization).
///
/// A program that lacks a scope is refused one or two operations, again and again.
struct FunctionProbingDetector: Sendable {
  private struct Caller: Sendable {
    var refused = RecentDistinct()
    var refusals = RecentCount()
    var allowed = RecentCount()
  }

  private var callers = KeyedTable(capacity: 4096, halfLifeSeconds: 600, fresh: Caller())

  var bytesHeld: Int { callers.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.functionProbing]
    guard settings.isOn else { return }
    let window = UInt64(settings.windowMilliseconds)
    var weight = 1.0
    switch fact.outcome {
    case .forbidden, .methodRefused: break
    // Who shows nothing is refused everywhere: twice as much is needed.
    case .unauthenticated: weight = 2
    case .success:
      callers.updateIfKnown(fact.caller) {
        _ = $0.allowed.add(at: fact.now, window: window)
      }
      return
    default: return
    }
    let limit = findings.limit(
      .functionProbing, fact.caller, Double(settings.threshold) * weight)
    let figures: [AlertFigure]? = callers.update(fact.caller, at: fact.now) { caller in
      caller.refused.insert(fact.operation, at: fact.now, window: window)
      let refusals = caller.refusals.add(at: fact.now, window: window)
      guard Double(refusals) >= limit else { return nil }
      let refused = caller.refused.estimate(at: fact.now, window: window)
      let allowed = caller.allowed.value(at: fact.now, window: window)
      guard refused >= limit, Double(refusals) >= 0.05 * Double(refusals + allowed) else {
        return nil
      }
      return [
        AlertFigure("operations refused", refused), AlertFigure("requests refused", Int(refusals)),
        AlertFigure("requests allowed", Int(allowed)),
      ]
    }
    if let figures {
      findings.raise(.functionProbing, fact.caller, .caller, at: fact.now, figures)
    }
  }
}
