import Telemetry

/// Whose fault a failed try was, and whether the request may be sent again.
enum UpstreamFault {
  /// No connection: nothing was sent.
  case unreachable
  /// TLS with it could not be agreed on: nothing was sent.
  case notSecured
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
    case .notSecured: "TLS with the upstream failed"
    case .closedStale: "upstream closed an idle connection"
    case .cut: "upstream broke off"
    case .garbage: "upstream response is not valid HTTP"
    case .timedOut: "upstream timed out"
    case .unavailable: "no upstream address"
    }
  }

  /// What it is counted as.
  var kind: UpstreamFailure {
    switch self {
    case .unreachable: .unreachable
    case .notSecured: .handshake
    case .closedStale: .closedIdle
    case .cut: .brokenOff
    case .garbage: .invalidResponse
    case .timedOut: .timedOut
    case .unavailable: .unavailable
    }
  }
}
