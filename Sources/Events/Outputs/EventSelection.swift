import HTTP
public import Telemetry

/// Which events an output gets.
public enum EventSelection: Sendable {
  case all
  /// What was refused, turned away, or failed, and findings.
  case notable
  /// Findings alone.
  case findings

  /// Whether an event is one of those.
  public func takes(_ event: borrowing Event) -> Bool {
    switch self {
    case .all: true
    case .notable:
      event.kind != .exchange || event.problem != nil || event.status >= 500
        || event.status == 0
    case .findings: event.kind == .finding
    }
  }
}
