import Base
import HTTP
import Telemetry

/// Events as log records and spans of OpenTelemetry (opentelemetry-proto 1.x), by its names.
enum OTLPForm {
  /// A request of `LogsService/Export` with all of the events; nil if there are none.
  static func logs(_ batch: OutletBatch, node: String, version: String) -> [UInt8]? {
    var records = ProtobufWriter()
    let count = batch.forEach { event in records.field(2, record(event)) }
    return count == 0 ? nil : envelope(records.bytes, node: node, version: version)
  }

  /// A request of `TraceService/Export` with the spans that are kept; nil if there are none.
  ///
  /// Kept are those whose trace is among the share that is wanted, which every gateway decides
  /// alike by the trace's identifier, and all that failed.
  static func spans(
    _ batch: OutletBatch, node: String, version: String, sample: Double
  ) -> [UInt8]? {
    var spans = ProtobufWriter()
    var count = 0
    batch.forEach { event in
      guard event.kind == .exchange, event.span != 0, isKept(event, sample) else { return }
      spans.field(2, span(event))
      count += 1
    }
    return count == 0 ? nil : envelope(spans.bytes, node: node, version: version)
  }

  /// By the 56 random bits of the identifier (W3C Trace Context Level 2 §3.2.2.3).
  static func isKept(_ event: borrowing Event, _ sample: Double) -> Bool {
    if event.status >= 500 || event.status == 0 || event.fault == .gateway { return true }
    if sample >= 1 { return true }
    let threshold = UInt64(((1 - sample) * 0x1p56).rounded())
    return event.trace.low & 0xFF_FFFF_FFFF_FFFF >= threshold
  }

  /// The parts around records or spans, which have the same numbers for both.
  private static func envelope(_ scope: [UInt8], node: String, version: String) -> [UInt8] {
    var request = ProtobufWriter()
    request.message(1) { all in
      all.message(1) { resource in
        attribute(&resource, 1, "service.name", "gatehouse")
        attribute(&resource, 1, "service.version", version)
        attribute(&resource, 1, "service.instance.id", node)
        attribute(&resource, 1, "host.name", node)
      }
      var scoped = ProtobufWriter()
      scoped.message(1) { name in
        name.field(1, "gatehouse")
        name.field(2, version)
      }
      all.field(2, scoped.bytes + scope)
    }
    return request.bytes
  }

  private static func record(_ event: borrowing Event) -> [UInt8] {
    var record = ProtobufWriter()
    let time = event.wallMilliseconds &* 1_000_000
    record.fixed64(1, time)
    record.fixed64(11, time)
    let severity = severity(event)
    record.field(2, severity.number)
    record.field(3, severity.text)
    var body = ProtobufWriter()
    body.field(1, message(event))
    record.field(5, body.bytes)
    attributes(event, 6, &record)
    record.field(12, "gatehouse.\(event.kind.name)")
    let trace = event.trace
    if trace.high | trace.low != 0 {
      record.fixed32(8, event.flags.contains(.isSampled) ? 1 : 0)
      record.field(9, bytes(trace.high) + bytes(trace.low))
      if event.span != 0 { record.field(10, bytes(event.span)) }
    }
    return record.bytes
  }

  /// Numbers of the data model: 9 information, 13 warning, 17 error, 21 fatal.
  private static func severity(_ event: borrowing Event) -> (number: UInt64, text: String) {
    if event.kind == .finding {
      return event.severity >= 4 ? (17, "ERROR") : event.severity >= 2 ? (13, "WARN") : (9, "INFO")
    }
    if event.status >= 500 || event.fault == .gateway { return (17, "ERROR") }
    let isRefused = event.problem != nil || event.kind == .turnedAway
    return isRefused ? (13, "WARN") : (9, "INFO")
  }

  private static func message(_ event: borrowing Event) -> [UInt8] {
    if event.kind == .exchange {
      return ShownText.bytes(event[.method]) + [0x20] + ShownText.bytes(event[.path])
        + Array(" \(event.status)".utf8)
    }
    return ShownText.bytes(event[.reason])
  }

  private static func span(_ event: borrowing Event) -> [UInt8] {
    var span = ProtobufWriter()
    let trace = event.trace
    span.field(1, bytes(trace.high) + bytes(trace.low))
    span.field(2, bytes(event.span))
    if event.parentSpan != 0 { span.field(4, bytes(event.parentSpan)) }
    // The name has few values: the path itself has many.
    let template = event[.template].isEmpty ? event[.route] : event[.template]
    let name = template.isEmpty ? [] : [0x20] + ShownText.bytes(template)
    let method = event.method == .other ? Array("HTTP".utf8) : ShownText.bytes(event[.method])
    span.field(5, method + name)
    span.field(6, 2)
    let start = event.wallMilliseconds &* 1_000_000
    span.fixed64(7, start)
    span.fixed64(8, start &+ event.durationMicroseconds &* 1000)
    attributes(event, 9, &span)
    if event.status >= 500 || event.status == 0 {
      let reason = ShownText.bytes(event[.reason])
      span.message(15) { status in
        if !reason.isEmpty { status.field(2, reason) }
        status.field(3, 2)
      }
    }
    span.fixed32(16, event.flags.contains(.isSampled) ? 1 : 0)
    return span.bytes
  }

  /// By the semantic conventions for HTTP 1.27, and those of our own.
  private static func attributes(
    _ event: borrowing Event, _ number: Int, _ writer: inout ProtobufWriter
  ) {
    attribute(&writer, number, "client.address", event.client.description)
    if event.kind == .exchange {
      attribute(&writer, number, "http.response.status_code", event.status)
      attribute(
        &writer, number, "url.scheme", event.flags.contains(.isSecure) ? "https" : "http")
      attribute(
        &writer, number, "network.protocol.version", EventFacts.protocolVersion(event))
      attribute(&writer, number, "http.request.body.size", Int(clamping: event.bytesIn))
      attribute(&writer, number, "http.response.body.size", Int(clamping: event.bytesOut))
    } else {
      attribute(&writer, number, "gatehouse.severity", event.severity)
    }
    for text in EventText.allCases {
      let value = event[text]
      if !value.isEmpty { attribute(&writer, number, name(text), ShownText.bytes(value)) }
    }
    if let problem = event.problem {
      attribute(&writer, number, "error.type", "\(problem.code)")
    } else if event.status >= 500 {
      attribute(&writer, number, "error.type", "\(event.status)")
    }
    if event.fault != .none { attribute(&writer, number, "gatehouse.fault", "\(event.fault.name)") }
  }

  private static func name(_ text: EventText) -> String {
    switch text {
    case .method: "http.request.method"
    case .host: "server.address"
    case .path: "url.path"
    case .query: "url.query"
    case .template: "http.route"
    case .userAgent: "user_agent.original"
    case .consumer: "user.name"
    case .requestID: "http.request.header.x-request-id"
    case .tlsVersion: "tls.protocol.version"
    case .cipher: "tls.cipher"
    default: "gatehouse.\(text.name)"
    }
  }

  private static func attribute(
    _ writer: inout ProtobufWriter, _ number: Int, _ key: String, _ value: String
  ) {
    attribute(&writer, number, key, Array(value.utf8))
  }

  private static func attribute(
    _ writer: inout ProtobufWriter, _ number: Int, _ key: String, _ value: [UInt8]
  ) {
    writer.message(number) { pair in
      pair.field(1, key)
      pair.message(2) { $0.field(1, value) }
    }
  }

  private static func attribute(
    _ writer: inout ProtobufWriter, _ number: Int, _ key: String, _ value: Int
  ) {
    writer.message(number) { pair in
      pair.field(1, key)
      pair.message(2) { $0.field(3, UInt64(bitPattern: Int64(value))) }
    }
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
  }
}
