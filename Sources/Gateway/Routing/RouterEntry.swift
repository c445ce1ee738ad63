public import Blueprint

/// A route as the router takes it.
public struct RouterEntry: Sendable {
  /// The number that a match answers.
  public let route: Int
  public let blueprint: RouteBlueprint

  public init(route: Int, blueprint: RouteBlueprint) {
    self.route = route
    self.blueprint = blueprint
  }
}
