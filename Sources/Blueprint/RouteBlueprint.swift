public import Formats

/// Which requests go to a service, and what is different for them.
public struct RouteBlueprint: Sendable {
  /// What is done with encoded slashes and their like in a path.
  public enum PathRule: String, CaseIterable, Sendable {
    /// A path that holds one is refused.
    case strict
    /// They stay as they are and never count as slashes.
    case keep
  }

  /// A field that a request must have, with exactly this value.
  public struct Header: Hashable, Sendable {
    /// In lower case.
    public var name: String
    /// What the field must be, byte by byte.
    public var value: String
  }

  /// For logs and metrics; nil if the configuration gives none.
  public var name: String?
  /// Empty means every host.
  public var hosts: [HostPattern]
  /// At least one.
  public var paths: [PathPattern]
  /// Empty means every method.
  public var methods: [String]
  /// All must match; sorted by name.
  public var headers: [Header]
  /// Whether nobody is asked who they are, by the route itself or its service.
  ///
  /// The service's policies that identify and authorise do not apply to such a route.
  public var isPublic: Bool
  /// Nil means the default of the gateway.
  public var pathRule: PathRule?
  /// Whether the part of the path that the prefix matched is left out towards the upstream.
  public var stripPrefix: Bool
  /// Policies of this route alone, after those of the service.
  public var policies: [PolicyBlueprint]
  /// Nil means the service's; else complete, what the route leaves out taken from the service.
  public var timeouts: TimeoutsBlueprint?
  /// How many of its requests may be under way, over all workers; nil for as many as there are.
  public var concurrencyMax: Int?
  /// Whether upper and lower case in a path are one, as the upstream may have it.
  public var ignoresPathCase = false
  /// Where it stands in the file.
  public var position: Position
}
