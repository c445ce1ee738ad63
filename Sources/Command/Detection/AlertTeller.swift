import Base
import Blueprint
import Detection
import Synchronization
import Telemetry

/// Tells alerts to whoever reads events and to the error log, and does what the configuration has
/// chosen to do about them.
final class AlertTeller: Sendable {
  private struct State {
    var book: AlertBook?
    var chosen: [ResponseBlueprint] = []
    var counts: [DetectorName: UInt64] = [:]
  }

  private let desk: EventDesk
  /// What can be done, by the configuration's words.
  private let responses: [ResponseBlueprint.Action: any AlertResponse]
  private let state = Mutex(State())

  /// Tells the readers of `stream`.
  init(
    _ stream: EventStream, responses: [ResponseBlueprint.Action: any AlertResponse]
  ) {
    desk = EventDesk(stream)
    self.responses = responses
  }

  /// Notes what is done in a book.
  func use(_ book: AlertBook) { state.withLock { $0.book = book } }

  /// What is done from now on; nothing if the configuration has chosen nothing.
  func use(_ chosen: [ResponseBlueprint]) { state.withLock { $0.chosen = chosen } }

  /// Whether something of what is chosen can be done.
  func can(_ action: ResponseBlueprint.Action) -> Bool { responses[action] != nil }

  /// Alerts that were opened so far, by detector.
  var counts: [(detector: String, count: UInt64)] {
    state.withLock { $0.counts }.map { (detector: $0.key.rawValue, count: $0.value) }
      .sorted { $0.detector < $1.detector }
  }

  /// Tells what is news of alerts.
  func tell(_ alerts: [Alert]) {
    for alert in alerts {
      let (chosen, book) = state.withLock { state in
        if alert.state == .open { state.counts[alert.detector, default: 0] += 1 }
        return (state.chosen, state.book)
      }
      write(alert)
      publish(alert)
      // What is done is done once, when the alert is opened.
      guard alert.state == .open else { continue }
      for rule in chosen
      where rule.detectors.contains(alert.detector) && alert.severity >= rule.least {
        guard
          let done = responses[rule.action]?.respond(
            to: alert, forMilliseconds: rule.milliseconds)
        else { continue }
        book?.note(done, on: alert.id)
        ErrorLog.notice("alert \(alert.id): \(done)")
      }
    }
  }

  private func write(_ alert: Alert) {
    let line =
      "alert \(alert.id) \(alert.state.rawValue), \(alert.severity.rawValue): "
      + "\(alert.title), \(alert.evidence)"
    if alert.severity >= .high, alert.state != .closed {
      ErrorLog.warning(line)
    } else {
      ErrorLog.notice(line)
    }
  }

  private func publish(_ alert: Alert) {
    var finding = EventFinding(
      severity: UInt8(alert.severity.number), detector: alert.detector.rawValue,
      title: alert.title,
      evidence: "alert \(alert.id) \(alert.state.rawValue); \(alert.evidence)")
    finding.client = alert.client
    finding.consumer = alert.consumer
    finding.route = alert.route
    finding.service = alert.service
    finding.credential = alert.credential
    finding.count = alert.count
    desk.publish(finding)
  }
}
