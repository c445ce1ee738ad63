public import Blueprint

/// A route and the number that the router answers with when a request is for it.
public struct RouterEntry: Sendable {
  let route: Int
  let blueprint: RouteBlueprint

  /// A route; `route` is returned on a match.
  public init(route: Int, blueprint: RouteBlueprint) {
    self.route = route
    self.blueprint = blueprint
  }
}
