/// What is written down, and where.
public struct LoggingBlueprint: Sendable {
  /// From which severity on the error log takes entries.
  public enum Level: String, CaseIterable, Sendable { case debug, info, notice, warning, error }

  public var access = AccessLogBlueprint()
  public var errorLevel = Level.info

  /// The defaults.
  public init() {}
}
