import Blueprint
import Telemetry

/// Somebody looks for weak places: many different paths that are not there, some that scanners are
/// known to ask for, or a tool that says what it is.
struct ScannerDetector: Sendable {
  private struct Source: Sendable {
    var missed = RecentDistinct()
    var probes = RecentDistinct()
    var misses = RecentCount()
    var others = RecentCount()
    var tools = RecentCount()
  }

  /// Paths of scanners' that are enough: more than one slip explains.
  private static let probesMin = 3.0

  private var sources = KeyedTable(capacity: 4096, halfLifeSeconds: 600, fresh: Source())

  var bytesHeld: Int { sources.bytesHeld }

  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ findings: inout Findings
  ) {
    let settings = findings.settings[.scanner]
    guard settings.isOn else { return }
    let window = UInt64(settings.windowMilliseconds)
    switch fact.outcome {
    case .missing, .malformed, .methodRefused, .forbidden: break
    default:
      sources.updateIfKnown(fact.address) { _ = $0.others.add(at: fact.now, window: window) }
      return
    }
    let isTool = ScannerMarks.isTool(event[.userAgent])
    let isProbe = ScannerMarks.isProbe(event[.path])
    // What names objects of a known endpoint is another detector's.
    let isPath = fact.shape.object == 0 && fact.outcome != .forbidden
    guard isTool || isProbe || isPath else { return }
    let limit = findings.limit(.scanner, fact.address, Double(settings.threshold))
    let figures: [AlertFigure]? = sources.update(fact.address, at: fact.now) { source in
      let misses = source.misses.add(at: fact.now, window: window)
      if isPath { source.missed.insert(fact.path, at: fact.now, window: window) }
      if isProbe { source.probes.insert(fact.path, at: fact.now, window: window) }
      if isTool { source.tools.add(at: fact.now, window: window) }
      let tools = source.tools.value(at: fact.now, window: window)
      let probes = source.probes.estimate(at: fact.now, window: window)
      let others = source.others.value(at: fact.now, window: window)
      let missed =
        Double(misses) >= limit ? source.missed.estimate(at: fact.now, window: window) : 0
      guard tools >= 3 || probes >= Self.probesMin - 0.5 || (missed >= limit && misses >= others)
      else { return nil }
      return [
        AlertFigure("different paths missing", missed), AlertFigure("paths of scanners", probes),
        AlertFigure("requests of a known tool", Int(tools)),
        AlertFigure("requests missing", Int(misses)), AlertFigure("other requests", Int(others)),
      ]
    }
    if let figures { findings.raise(.scanner, fact.address, .address, at: fact.now, figures) }
  }
}
