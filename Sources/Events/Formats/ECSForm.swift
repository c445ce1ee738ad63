import Base
import Formats
import HTTP
import Telemetry

/// Events by the Elastic Common Schema 8.11, nested; what it has no field for stands below
/// `gatehouse`.
enum ECSForm {
  static func append(_ event: borrowing Event, node: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("@timestamp", EventFacts.time(event.wallMilliseconds))
    writer.member("ecs") { $0.member("version", "8.11.0" as StaticString) }
    let name = EventFacts.name(event, node: node)
    writer.key("event")
    writer.beginObject()
    writer.member("id", name)
    classify(event, &writer)
    writer.member("sequence", event.sequence)
    // Nanoseconds.
    writer.member("duration", event.durationMicroseconds &* 1000)
    writer.member("reason", event, .reason)
    if let problem = event.problem { writer.member("code", problem.code) }
    writer.endObject()
    writer.key("observer")
    writer.beginObject()
    writer.member("name", node)
    writer.member("product", "Gatehouse" as StaticString)
    writer.member("type", "gateway" as StaticString)
    writer.endObject()
    parties(event, &writer)
    request(event, &writer)
    trace(event, &writer)
    own(event, &writer)
    writer.endObject()
  }

  /// The categorisation fields, whose values are fixed by the schema.
  private static func classify(_ event: borrowing Event, _ writer: inout JSONWriter) {
    let isAlert = event.kind == .finding
    writer.member("kind", isAlert ? "alert" as StaticString : "event")
    writer.key("category")
    writer.beginArray()
    if isAlert {
      writer.string("intrusion_detection")
    } else {
      writer.string(event.kind == .turnedAway ? "network" : "web")
      if EventFacts.isAuthenticationFailure(event) { writer.string("authentication") }
    }
    writer.endArray()
    writer.key("type")
    writer.beginArray()
    if isAlert {
      writer.string("info")
    } else {
      let isRefused = event.problem != nil || event.kind == .turnedAway
      writer.string(event.kind == .turnedAway ? "connection" : "access")
      writer.string(isRefused ? "denied" : "allowed")
    }
    writer.endArray()
    let isGood = event.problem == nil && event.status > 0 && event.status < 400
    writer.member(
      "outcome", isAlert ? "unknown" as StaticString : isGood ? "success" : "failure")
    writer.member("action", isAlert ? "finding" as StaticString : event.kind.name)
    if isAlert { writer.member("severity", event.severity) }
  }

  private static func parties(_ event: borrowing Event, _ writer: inout JSONWriter) {
    let address = event.client.description
    for key in ["source", "client"] as [StaticString] {
      writer.key(key)
      writer.beginObject()
      writer.member("ip", address)
      writer.member("address", address)
      writer.endObject()
    }
    if !event[.service].isEmpty {
      writer.key("service")
      writer.beginObject()
      writer.member("name", event, .service)
      writer.endObject()
    }
    if !event[.consumer].isEmpty {
      writer.key("user")
      writer.beginObject()
      writer.member("name", event, .consumer)
      writer.endObject()
    }
  }

  private static func request(_ event: borrowing Event, _ writer: inout JSONWriter) {
    if event.kind != .exchange { return }
    writer.key("http")
    writer.beginObject()
    writer.member("version", EventFacts.protocolVersion(event))
    writer.key("request")
    writer.beginObject()
    writer.member("method", event, .method)
    writer.member("id", event, .requestID)
    writer.member("referrer", event, .referer)
    writer.member("mime_type", event, .requestType)
    let (bytesIn, bytesOut) = (event.bytesIn, event.bytesOut)
    writer.member("body") { $0.member("bytes", bytesIn) }
    writer.endObject()
    writer.key("response")
    writer.beginObject()
    if event.status > 0 { writer.member("status_code", event.status) }
    writer.member("mime_type", event, .responseType)
    writer.member("body") { $0.member("bytes", bytesOut) }
    writer.endObject()
    writer.endObject()
    writer.key("url")
    writer.beginObject()
    writer.member("scheme", event.flags.contains(.isSecure) ? "https" as StaticString : "http")
    writer.member("domain", event, .host)
    writer.member("path", event, .path)
    writer.member("query", event, .query)
    writer.endObject()
    if !event[.userAgent].isEmpty {
      writer.key("user_agent")
      writer.beginObject()
      writer.member("original", event, .userAgent)
      writer.endObject()
    }
    if !event[.tlsVersion].isEmpty {
      writer.key("tls")
      writer.beginObject()
      // `TLSv1.3` is a protocol and a version.
      writer.member("version_protocol", "tls" as StaticString)
      writer.member("version", String(event.string(.tlsVersion).dropFirst(4)))
      writer.member("cipher", event, .cipher)
      writer.endObject()
    }
  }

  private static func trace(_ event: borrowing Event, _ writer: inout JSONWriter) {
    let trace = EventFacts.trace(event)
    if trace.isEmpty { return }
    writer.member("trace") { $0.member("id", trace) }
    let span = EventFacts.span(event.span)
    if !span.isEmpty { writer.member("span") { $0.member("id", span) } }
    let parent = EventFacts.span(event.parentSpan)
    if !parent.isEmpty { writer.member("parent") { $0.member("id", parent) } }
  }

  private static func own(_ event: borrowing Event, _ writer: inout JSONWriter) {
    if event.kind == .finding {
      writer.key("rule")
      writer.beginObject()
      writer.member("name", event, .policy)
      writer.member("description", event, .reason)
      writer.endObject()
      writer.key("message")
      writer.string(event[.detail])
    }
    writer.key("gatehouse")
    writer.beginObject()
    writer.member("worker", event.worker)
    writer.member("upstream_us", event.upstreamMicroseconds)
    for text in [EventText.route, .template, .upstream, .policy, .detail] {
      writer.member(text.name, event, text)
    }
    if event.fault != .none { writer.member("fault", event.fault.name) }
    if event.credential != 0 { writer.member("credential", EventFacts.hex(event.credential)) }
    writer.endObject()
  }
}
