/// What the router found for a request.
public enum RouterMatch: Hashable, Sendable {
  /// The number of the route that the request is for.
  case route(Int)
  /// No route is for this host, path and these fields.
  case notFound
  /// A route would fit if the method were another.
  case methodNotAllowed
  /// A route fits, but its path rule refuses what the path holds.
  case malformedPath
}
