/// How many connections to upstreams are kept for the next request.
public struct KeepAliveBlueprint: Hashable, Sendable {
  /// Idle connections to one upstream, for each worker.
  public var idleMax = 64
  /// How long one is kept; shorter than what servers usually wait (60 s or more).
  public var idleTimeoutMilliseconds = 30_000
  /// Exchanges on one connection at once, where the upstream speaks HTTP/2 and allows as many.
  public var streamsMax = 100
  /// How long an upstream that speaks HTTP/2 may be silent before it is asked for a sign of life,
  /// and again before it is given up; 0 for not at all.
  public var pingMilliseconds = 0

  /// The defaults.
  public init() {}
}
