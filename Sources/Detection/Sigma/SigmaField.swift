import Base
import Telemetry

/// A field that a Sigma rule may ask for: by the taxonomy of web servers' logs, or by the names
/// that events have themselves.
enum SigmaField: Sendable, Equatable {
  case text(EventText)
  /// Path and query.
  case target
  case client
  case status, bytesIn, bytesOut, milliseconds

  init?(_ name: String) {
    switch name.lowercased() {
    case "cs-method": self = .text(.method)
    case "cs-host": self = .text(.host)
    case "cs-uri-stem": self = .text(.path)
    case "cs-uri-query": self = .text(.query)
    case "c-uri", "cs-uri": self = .target
    case "c-useragent", "cs-user-agent": self = .text(.userAgent)
    case "cs-referer", "cs-referrer": self = .text(.referer)
    case "c-ip", "client": self = .client
    case "sc-status", "status": self = .status
    case "sc-bytes", "bytes_out": self = .bytesOut
    case "cs-bytes", "bytes_in": self = .bytesIn
    case "time-taken", "milliseconds": self = .milliseconds
    default:
      guard let text = EventText.allCases.first(where: { "\($0.name)" == name.lowercased() })
      else { return nil }
      self = .text(text)
    }
  }

  /// The number of an event, for fields that are one.
  func number(_ event: borrowing Event) -> Int? {
    switch self {
    case .status: event.status
    case .bytesIn: Int(clamping: event.bytesIn)
    case .bytesOut: Int(clamping: event.bytesOut)
    case .milliseconds: Int(clamping: event.durationMicroseconds / 1000)
    case .text, .target, .client: nil
    }
  }

  /// The bytes of an event, for fields that are none of `EventText`.
  func bytes(_ event: borrowing Event) -> [UInt8] {
    switch self {
    case .client: return Array("\(event.client)".utf8)
    case .target:
      var bytes: [UInt8] = []
      let (path, query) = (event[.path], event[.query])
      for place in path.indices { bytes.append(path[place]) }
      if !query.isEmpty { bytes.append(UInt8(ascii: "?")) }
      for place in query.indices { bytes.append(query[place]) }
      return bytes
    default: return Array("\(number(event) ?? 0)".utf8)
    }
  }
}
