import Base
import Formats
import HTTP
import Telemetry

/// What several forms say of an event, worked out once.
enum EventFacts {
  /// The time as RFC 3339 with milliseconds, in UTC.
  static func time(_ milliseconds: UInt64) -> String {
    let whole = Timestamp.text(Int(clamping: milliseconds))
    let rest = milliseconds % 1000
    return "\(whole.dropLast()).\(rest / 100)\(rest / 10 % 10)\(rest % 10)Z"
  }

  /// A name that no other event has: node, loop and number, with the time, since numbers begin anew
  /// when a process does.
  static func name(_ event: borrowing Event, node: String) -> String {
    "\(node)-\(event.wallMilliseconds)-\(event.worker)-\(event.sequence)"
  }

  /// The trace's identifier; empty if there is none.
  static func trace(_ event: borrowing Event) -> String {
    let trace = event.trace
    return trace.high | trace.low == 0 ? "" : hex(trace.high) + hex(trace.low)
  }

  /// Sixteen digits; empty for 0.
  static func span(_ word: UInt64) -> String { word == 0 ? "" : hex(word) }

  static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The number behind `HTTP/`.
  static func protocolVersion(_ event: borrowing Event) -> String {
    switch event.version {
    case .http10: "1.0"
    case .http11: "1.1"
    case .http2: "2"
    }
  }

  /// Whether the client was asked for credentials, or had wrong ones.
  static func isAuthenticationFailure(_ event: borrowing Event) -> Bool {
    event.problem == .credentialsInvalid || event.problem == .credentialsRequired
  }

  /// What became of it.
  static func outcome(_ event: borrowing Event) -> StaticString {
    if event.problem != nil { return "refused" }
    if event.kind == .turnedAway { return "refused" }
    return event.status == 0 || event.status >= 500 ? "failed" : "ok"
  }
}
