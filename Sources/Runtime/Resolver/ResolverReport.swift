/// A look-up that failed, for the log.
public struct ResolverReport: Hashable, Sendable {
  /// The name that was looked up.
  public let host: String
  public let error: ResolverError
  /// Whether the last good addresses stay in use.
  public let usesStaleAnswer: Bool
}
