/// How it stands with the counts that several gateways keep together.
public struct CounterCounts: Sendable {
  /// Requests whose counts were told, and those whose were not.
  public var answered, unanswered: UInt64
  /// Connections lost or not to be had, and refusals of the store.
  public var failures: UInt64
  /// Loops that have a connection.
  public var connected: UInt64

  /// So many of each.
  public init(
    answered: UInt64 = 0, unanswered: UInt64 = 0, failures: UInt64 = 0, connected: UInt64 = 0
  ) {
    self.answered = answered
    self.unanswered = unanswered
    self.failures = failures
    self.connected = connected
  }
}
