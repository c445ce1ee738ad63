import Base
import HTTP
import Telemetry

/// Events as log records and spans of OpenTelemetry (opentelemetry-proto 1.x), by its names.
enum OTLPForm {
  /// A request of `LogsService/Export` with all of the events; nil if there are none.
  static func logs(_ batch: OutletBatch, node: String, version: String) -> [UInt8]? {
    var writer = ProtobufWriter()
    let (all, scope) = begin(&writer, node: node, version: version)
    var groups = OTLPGroups(attributeNumber: 6)
    let count = batch.forEach { event in record(event, &groups, &writer) }
    writer.end(scope)
    writer.end(all)
    return count == 0 ? nil : writer.bytes
  }

  /// A request of `TraceService/Export` with the spans that are kept; nil if there are none.
  ///
  /// Kept are those whose trace is among the share that is wanted, which every gateway decides
  /// alike by the trace's identifier, and all that failed.
  static func spans(
    _ batch: OutletBatch, node: String, version: String, sample: Double
  ) -> [UInt8]? {
    var writer = ProtobufWriter()
    let (all, scope) = begin(&writer, node: node, version: version)
    var groups = OTLPGroups(attributeNumber: 9)
    var count = 0
    batch.forEach { event in
      guard event.kind == .exchange, event.span != 0, isKept(event, sample) else { return }
      span(event, &groups, &writer)
      count += 1
    }
    writer.end(scope)
    writer.end(all)
    return count == 0 ? nil : writer.bytes
  }

  /// By the 56 random bits of the identifier (W3C Trace Context Level 2 §3.2.2.3).
  static func isKept(_ event: borrowing Event, _ sample: Double) -> Bool {
    if event.status >= 500 || event.status == 0 || event.fault == .gateway { return true }
    if sample >= 1 { return true }
    let threshold = UInt64(((1 - sample) * 0x1p56).rounded())
    return event.trace.low & 0xFF_FFFF_FFFF_FFFF >= threshold
  }

  /// Begins what stands around records or spans, which has the same numbers for both,
  /// and for metrics.
  static func begin(
    _ writer: inout ProtobufWriter, node: String, version: String
  ) -> (all: Int, scope: Int) {
    let all = writer.begin(1)
    let resource = writer.begin(1)
    writer.attribute(1, "service.name", "gatehouse")
    writer.attribute(1, "service.version", version)
    writer.attribute(1, "service.instance.id", node)
    writer.attribute(1, "host.name", node)
    writer.end(resource)
    let scope = writer.begin(2)
    let name = writer.begin(1)
    writer.field(1, "gatehouse" as StaticString)
    writer.field(2, version)
    writer.end(name)
    return (all, scope)
  }

  private static func record(
    _ event: borrowing Event, _ groups: inout OTLPGroups, _ writer: inout ProtobufWriter
  ) {
    let start = writer.begin(2)
    let time = event.wallMilliseconds &* 1_000_000
    writer.fixed64(1, time)
    writer.fixed64(11, time)
    let severity = severity(event)
    writer.field(2, severity.number)
    writer.field(3, severity.text)
    let body = writer.begin(5)
    if event.kind == .exchange {
      writer.field(
        1, "\(ShownText.string(event[.method])) \(ShownText.string(event[.path])) \(event.status)")
    } else {
      writer.field(1, shown: event[.reason])
    }
    writer.end(body)
    attributes(event, &groups, &writer)
    writer.field(12, eventName(event.kind))
    let trace = event.trace
    if trace.high | trace.low != 0 {
      writer.fixed32(8, event.flags.contains(.isSampled) ? 1 : 0)
      writer.field(9, words: trace.high, trace.low)
      if event.span != 0 { writer.field(10, words: event.span) }
    }
    writer.end(start)
  }

  private static func eventName(_ kind: EventKind) -> StaticString {
    switch kind {
    case .exchange: "gatehouse.exchange"
    case .turnedAway: "gatehouse.turned-away"
    case .finding: "gatehouse.finding"
    }
  }

  /// Numbers of the data model: 9 information, 13 warning, 17 error, 21 fatal.
  private static func severity(
    _ event: borrowing Event
  ) -> (number: UInt64, text: StaticString) {
    if event.kind == .finding {
      return event.severity >= 4 ? (17, "ERROR") : event.severity >= 2 ? (13, "WARN") : (9, "INFO")
    }
    if event.status >= 500 || event.fault == .gateway { return (17, "ERROR") }
    let isRefused = event.problem != nil || event.kind == .turnedAway
    return isRefused ? (13, "WARN") : (9, "INFO")
  }

  private static func span(
    _ event: borrowing Event, _ groups: inout OTLPGroups, _ writer: inout ProtobufWriter
  ) {
    let start = writer.begin(2)
    let trace = event.trace
    writer.field(1, words: trace.high, trace.low)
    writer.field(2, words: event.span)
    if event.parentSpan != 0 { writer.field(4, words: event.parentSpan) }
    groups.appendName(event, to: &writer)
    writer.field(6, 2)
    let begun = event.wallMilliseconds &* 1_000_000
    writer.fixed64(7, begun)
    writer.fixed64(8, begun &+ event.durationMicroseconds &* 1000)
    attributes(event, &groups, &writer)
    if event.status >= 500 || event.status == 0 {
      let status = writer.begin(15)
      if !event[.reason].isEmpty { writer.field(2, shown: event[.reason]) }
      writer.field(3, 2)
      writer.end(status)
    }
    writer.fixed32(16, event.flags.contains(.isSampled) ? 1 : 0)
    writer.end(start)
  }

  /// By the semantic conventions for HTTP 1.27, and those of our own: what differs from one event
  /// to the next, and behind it what it has in common with others.
  private static func attributes(
    _ event: borrowing Event, _ groups: inout OTLPGroups, _ writer: inout ProtobufWriter
  ) {
    let number = groups.attributeNumber
    writer.attribute(number, "client.address", event.client.description)
    if event.kind == .exchange {
      writer.attribute(number, "http.request.body.size", Int(clamping: event.bytesIn))
      writer.attribute(number, "http.response.body.size", Int(clamping: event.bytesOut))
    }
    for text in EventText.allCases.dropFirst(EventText.groupCount) where !event[text].isEmpty {
      writer.attribute(number, name(text), shown: event[text])
    }
    groups.append(event, to: &writer)
  }

  /// The attributes that an event shares with all of its group.
  static func common(_ event: borrowing Event, _ number: UInt8, _ writer: inout ProtobufWriter) {
    if event.kind == .exchange {
      writer.attribute(number, "http.response.status_code", event.status)
      writer.attribute(
        number, "url.scheme", event.flags.contains(.isSecure) ? "https" : "http")
      writer.attribute(number, "network.protocol.version", EventFacts.protocolVersion(event))
    } else {
      writer.attribute(number, "gatehouse.severity", event.severity)
    }
    for text in EventText.allCases.prefix(EventText.groupCount) where !event[text].isEmpty {
      writer.attribute(number, name(text), shown: event[text])
    }
    if let problem = event.problem {
      writer.attribute(number, "error.type", "\(problem.code)")
    } else if event.status >= 500 {
      writer.attribute(number, "error.type", "\(event.status)")
    }
    if event.fault != .none { writer.attribute(number, "gatehouse.fault", "\(event.fault.name)") }
  }

  /// What a span is called: it has few values, where the path itself has many.
  static func spanName(_ event: borrowing Event) -> String {
    let place = event[.template].isEmpty ? event.string(.route) : event.string(.template)
    let method = event.method == .other ? "HTTP" : event.string(.method)
    return place.isEmpty ? method : "\(method) \(place)"
  }

  private static func name(_ text: EventText) -> StaticString {
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
    case .route: "gatehouse.route"
    case .service: "gatehouse.service"
    case .upstream: "gatehouse.upstream"
    case .policy: "gatehouse.policy"
    case .reason: "gatehouse.reason"
    case .requestType: "gatehouse.request_type"
    case .responseType: "gatehouse.response_type"
    case .fingerprint: "gatehouse.fingerprint"
    case .referer: "gatehouse.referer"
    case .detail: "gatehouse.detail"
    }
  }
}
