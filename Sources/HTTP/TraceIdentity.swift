/// Where a request stands in a trace (W3C Trace Context §3.2.2).
public struct TraceIdentity: Hashable, Sendable {
  /// The trace's identifier; zeros for no trace.
  public var high: UInt64 = 0
  public var low: UInt64 = 0
  /// The gateway's own span; 0 if it has none.
  public var span: UInt64 = 0
  /// The span of whoever asked; 0 if the trace begins here.
  public var parent: UInt64 = 0
  /// Whether the trace is marked as sampled.
  public var isSampled = false

  /// No trace.
  public init() {}

  /// Whether there is a trace.
  public var isThere: Bool { high | low != 0 }
}
