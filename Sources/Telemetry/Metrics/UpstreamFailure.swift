/// Why a try at an upstream failed: the kinds that are counted apart.
public enum UpstreamFailure: UInt8, CaseIterable, Sendable {
  /// It has no address, or there is no descriptor for a connection.
  case unavailable
  case unreachable
  case handshake
  /// It closed a connection that was kept before it answered.
  case closedIdle
  case brokenOff
  case invalidResponse
  case timedOut
  /// It did not take a request on a connection that stands.
  case refused

  /// The value of the label.
  var label: StaticString {
    switch self {
    case .unavailable: "unavailable"
    case .unreachable: "unreachable"
    case .handshake: "handshake"
    case .closedIdle: "closed-idle"
    case .brokenOff: "broken-off"
    case .invalidResponse: "invalid-response"
    case .timedOut: "timed-out"
    case .refused: "refused"
    }
  }
}
