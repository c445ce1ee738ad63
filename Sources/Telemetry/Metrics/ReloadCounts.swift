/// How often the configuration was read again, and what came of it.
public struct ReloadCounts: Sendable {
  /// Configurations that were taken.
  public var succeeded: UInt64 = 0
  /// Configurations that changed nothing, for they had an error.
  public var failed: UInt64 = 0
  /// When the configuration that runs was taken, in seconds since 1970.
  public var lastSuccessUnixSeconds: UInt64 = 0
  /// Whether the last one that was read was taken.
  public var isCurrent = true

  /// None yet.
  public init() {}
}
