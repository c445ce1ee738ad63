import Synchronization

@testable import Detection

/// Keeps what an engine tells.
final class AlertBin: Sendable {
  private let alerts = Mutex<[Alert]>([])

  func add(_ more: [Alert]) { alerts.withLock { $0 += more } }

  var all: [Alert] { alerts.withLock { $0 } }
}
