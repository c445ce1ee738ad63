/// How upstreams are asked whether they are well, whatever clients meanwhile ask for.
public struct HealthBlueprint: Hashable, Sendable {
  /// What is asked.
  public enum Kind: String, CaseIterable, Sendable {
    /// A request with GET; an answer from 200 to 399 says that all is well.
    case http
    /// A connection, secured where the upstream is.
    case tcp
    /// A call of `grpc.health.v1.Health/Check`; `SERVING` says that all is well.
    case grpc
  }

  /// What is asked.
  public var kind = Kind.http
  /// Path, and perhaps query, of the request.
  public var path: String
  /// The service of gRPC that is asked about; empty for the server as a whole.
  public var service = ""
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
