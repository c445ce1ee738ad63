/// Whose fault a failed try was, and whether the request may be sent again.
enum UpstreamFault {
  /// No connection: nothing was sent.
  case unreachable
  /// Closed or broken before a byte of the response, on a connection that had been used before.
  case closedStale
  /// Closed or broken before the response was whole.
  case cut
  /// What came is no HTTP response.
  case garbage
  /// Nothing came in time.
  case timedOut
  /// The name is not resolved, or descriptors ran out.
  case unavailable

  /// What the log says.
  var reason: StaticString {
    switch self {
    case .unreachable: "upstream unreachable"
    case .closedStale: "upstream closed an idle connection"
    case .cut: "upstream broke off"
    case .garbage: "upstream response is not valid HTTP"
    case .timedOut: "upstream timed out"
    case .unavailable: "no upstream address"
    }
  }
}
