/// How severe an alert is; the numbers are OCSF's `severity_id`.
public enum AlertSeverity: String, CaseIterable, Comparable, Hashable, Sendable {
  case information, low, medium, high, critical

  /// From 1 to 5.
  public var number: Int {
    switch self {
    case .information: 1
    case .low: 2
    case .medium: 3
    case .high: 4
    case .critical: 5
    }
  }

  public static func < (left: AlertSeverity, right: AlertSeverity) -> Bool {
    left.number < right.number
  }
}
