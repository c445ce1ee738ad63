import Base
import Formats
import HTTP
import Telemetry

/// Events by our own names, which are those of the access log where it has them.
enum PlainForm {
  static func append(_ event: borrowing Event, node: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("time", EventFacts.time(event.wallMilliseconds))
    writer.member("kind", event.kind.name)
    writer.member("node", node)
    writer.member("worker", event.worker)
    writer.member("sequence", event.sequence)
    writer.member("client", event.client.description)
    if event.kind == .finding {
      finding(event, &writer)
    } else {
      exchange(event, &writer)
    }
    writer.endObject()
  }

  private static func finding(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.member("severity", event.severity)
    writer.member("detector", event, .policy)
    writer.member("title", event, .reason)
    writer.member("evidence", event, .detail)
    writer.member("count", event.bytesIn)
    for text in [EventText.route, .service, .consumer] { writer.member(text.name, event, text) }
  }

  private static func exchange(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.member("status", event.status)
    writer.member("outcome", EventFacts.outcome(event))
    writer.key("duration_ms")
    writer.number(Double(event.durationMicroseconds) / 1000)
    writer.key("upstream_ms")
    writer.number(Double(event.upstreamMicroseconds) / 1000)
    writer.member("bytes_in", event.bytesIn)
    writer.member("bytes_out", event.bytesOut)
    if event.kind == .exchange { writer.member("protocol", event.version.text) }
    if let problem = event.problem { writer.member("problem", problem.code) }
    if event.fault != .none { writer.member("fault", event.fault.name) }
    for text in EventText.allCases { writer.member(text.name, event, text) }
    if event.attempts > 1 { writer.member("attempts", event.attempts) }
    if event.credential != 0 { writer.member("credential", EventFacts.hex(event.credential)) }
    if event.subject != 0 { writer.member("subject", EventFacts.hex(event.subject)) }
    let trace = EventFacts.trace(event)
    if !trace.isEmpty { writer.member("trace_id", trace) }
    if event.span != 0 { writer.member("span_id", EventFacts.hex(event.span)) }
    if event.parentSpan != 0 { writer.member("parent_span_id", EventFacts.hex(event.parentSpan)) }
  }
}
