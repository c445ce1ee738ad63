/// How upstreams are asked whether they are well, whatever clients meanwhile ask for.
public struct HealthBlueprint: Hashable, Sendable {
  /// Path, and perhaps query, of the request; an answer from 200 to 399 says that all is well.
  public var path: String
  /// What `Host` says; nil for the upstream's own authority.
  public var host: String?
  /// From one request to the next.
  public var intervalMilliseconds = 5_000
  /// For an answer to be complete.
  public var timeoutMilliseconds = 2_000
  /// Good answers in a row that bring an upstream back.
  public var healthyCount = 2
  /// Bad ones in a row, or none, that keep it out.
  public var unhealthyCount = 3

  /// The defaults, for a path.
  public init(path: String) { self.path = path }
}
