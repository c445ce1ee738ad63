import Telemetry
import Wire

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
  /// It did not look at the request (RFC 9113 §8.7).
  case refused
  /// It takes no more requests on the connection, and did not look at this one (RFC 9113 §6.8).
  case leaving
  /// It gave the request up before the response was whole.
  case reset
  /// It gave the request up because it is asked for too much (RFC 9113 §7).
  case overburdened

  /// What a reset with a code of HTTP/2 says.
  init(code: UInt32) {
    self =
      switch HTTP2ErrorCode(rawValue: code) {
      case .refusedStream: .refused
      case .enhanceYourCalm: .overburdened
      default: .reset
      }
  }

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
    case .refused: "upstream refused the stream"
    case .leaving: "upstream takes no more on the connection"
    case .reset: "upstream reset the stream"
    case .overburdened: "upstream asked for calm"
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
    case .refused, .overburdened: .refused
    case .leaving: .closedIdle
    case .reset: .brokenOff
    }
  }
}
