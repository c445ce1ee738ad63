import Base
import HTTP

/// Which fields may stand in a trailer section (RFC 9110 §6.5.1).
enum TrailerRule {
  /// Whether the field decides nothing that was decided before it came: no framing, no routing, no
  /// credentials, nothing that the gateway itself says upstream.
  static func allows(_ line: FieldLine, in fields: borrowing Fields) -> Bool {
    switch line.id {
    case .via, .etag, .date, .server: true
    case .other: !isReserved(fields[line.name])
    default: false
    }
  }

  /// Names under which the gateway tells upstreams who calls.
  private static func isReserved(_ name: Span<UInt8>) -> Bool {
    name.count >= 11 && ASCII.equals(name.extracting(0..<11), "x-consumer-")
  }
}
