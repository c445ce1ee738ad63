/// Which alerts are told, and how long they stay open.
///
/// Every alert becomes an event: the outputs of events take alerts wherever they take events.
public struct AlertsBlueprint: Sendable {
  /// The least severity that is told.
  public var least = AlertSeverity.low
  /// An alert ends when nothing more was seen for so long.
  public var closeAfterMilliseconds = 600_000
  /// How often an alert that goes on is told again.
  public var repeatMilliseconds = 1_800_000

  /// The defaults.
  public init() {}
}
