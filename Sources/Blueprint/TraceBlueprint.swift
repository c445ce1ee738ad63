/// What becomes of the trace context that clients tell (W3C Trace Context).
public struct TraceBlueprint: Hashable, Sendable {
  /// Whose trace context is passed on.
  public enum Acceptance: String, CaseIterable, Sendable {
    case all, none
    case trustedHops = "trusted-hops"
  }

  /// Whose trace context is passed on; the others' is removed.
  public var accept = Acceptance.all
  /// Where no trace is told, one is begun, and this share of them, 0 to 1, is marked as sampled;
  /// nil to begin none.
  public var sample: Double?

  /// The defaults: valid contexts pass, and none is begun.
  public init() {}
}
