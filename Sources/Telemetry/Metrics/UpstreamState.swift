public import Base

/// What one loop has to do with one upstream at the moment.
public struct UpstreamState: Sendable {
  /// Exchanges under way.
  public var active: Int
  /// Connections that wait for the next exchange.
  public var idle: Int
  /// When it is used again; in the past if it is not kept out.
  public var returnsAt: Instant

  public init(active: Int, idle: Int, returnsAt: Instant) {
    self.active = active
    self.idle = idle
    self.returnsAt = returnsAt
  }
}
