/// How many connections to upstreams are kept for the next request.
public struct KeepAliveBlueprint: Hashable, Sendable {
  /// Idle connections to one upstream, for each worker.
  public var idleMax = 64
  /// How long one is kept; shorter than what servers usually wait (60 s or more).
  public var idleTimeoutMilliseconds = 30_000

  /// The defaults.
  public init() {}
}
