/// How long an upstream may take.
public struct TimeoutsBlueprint: Hashable, Sendable {
  /// To accept a connection, TLS included.
  public var connectMilliseconds = 5_000
  /// From the end of the request to the first byte of the response.
  public var firstByteMilliseconds = 30_000
  /// Between two bytes, either way.
  public var idleMilliseconds = 60_000
  /// For the whole exchange; 0 means no limit.
  public var wholeMilliseconds = 0

  /// The defaults.
  public init() {}
}
