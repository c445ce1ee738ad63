public import PolicyKit

/// The policies that each route's requests go through, compiled and in the order they run.
public struct CompiledPolicies: Sendable {
  /// For each route of each service, in the blueprint's order: those of the service, then those of
  /// the route, sorted by stage.
  ///
  /// A public route has none of its service's that identify or authorise.
  public internal(set) var perRoute: [[any Policy]] = []
  /// The consumers that they know.
  public let directory: ConsumerDirectory
  /// The plans that consumers may have.
  public let plans: [CallerPlan]
}
