/// How often the configuration was read again, and what came of it.
public struct ReloadCounts: Sendable {
  public var succeeded: UInt64 = 0
  public var failed: UInt64 = 0
  /// When the configuration that runs was taken, in seconds since 1970.
  public var lastSuccessUnixSeconds: UInt64 = 0

  /// None yet.
  public init() {}
}
