public import Formats

/// What the configuration file owns, so that the admin API may not change it.
public struct FileOwned: Sendable {
  /// Consumers by name.
  public var consumers: Set<String> = []
  /// Plans by name.
  public var plans: Set<String> = []
  /// The services, as they are shown.
  public var services: [JSONValue] = []
  /// The routes, as they are shown.
  public var routes: [JSONValue] = []

  /// Nothing.
  public init() {}
}
