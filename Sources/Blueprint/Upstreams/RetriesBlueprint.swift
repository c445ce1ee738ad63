/// What is done when an upstream fails before anything was lost.
public struct RetriesBlueprint: Hashable, Sendable {
  /// Further attempts for one request; only where nothing was sent or the method is idempotent.
  public var count = 1
  /// Attempts beyond the first, as a share of all requests: keeps retries from adding to an
  /// overload.
  public var budget = 0.1

  /// The defaults.
  public init() {}
}
