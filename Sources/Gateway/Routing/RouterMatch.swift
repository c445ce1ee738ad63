/// What the router found.
public enum RouterMatch: Equatable, Sendable {
  /// The number of the route.
  case route(Int)
  case notFound
  /// The path has routes, but none for the method.
  case methodNotAllowed
  /// The path could be read in two ways, and the route does not say that this is fine.
  case malformedPath
}
