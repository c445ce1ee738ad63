/// What is written down, and where.
public struct LoggingBlueprint: Sendable {
  /// From which severity on the error log takes entries.
  public enum Level: String, CaseIterable, Sendable { case debug, info, notice, warning, error }

  /// The log of requests.
  public var access = AccessLogBlueprint()
  /// The least severity that the error log takes.
  public var errorLevel = Level.info
  /// The trace context of requests.
  public var trace = TraceBlueprint()

  /// The defaults.
  public init() {}
}
