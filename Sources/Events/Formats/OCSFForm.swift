import Base
import Formats
import HTTP
import Telemetry

/// Events by the Open Cybersecurity Schema Framework, version 1.6.0, in the class that fits:
///
/// | Event | Class |
/// |---|---|
/// | a request that a route took | API Activity, 6003 |
/// | one that none took | HTTP Activity, 4002 |
/// | one without credentials, or with wrong ones | Authentication, 3002 |
/// | one that its caller may not make | Authorize Session, 3003 |
/// | a client that was turned away before it could ask | Network Activity, 4001 |
/// | a finding | Detection Finding, 2004 |
enum OCSFForm {
  /// A class: its number, its category and their names.
  struct Class: Equatable {
    let number: Int
    let category: Int
    let name: StaticString
    let categoryName: StaticString

    static func == (left: Class, right: Class) -> Bool { left.number == right.number }

    static let api = Class(
      number: 6003, category: 6, name: "API Activity", categoryName: "Application Activity")
    static let http = Class(
      number: 4002, category: 4, name: "HTTP Activity", categoryName: "Network Activity")
    static let network = Class(
      number: 4001, category: 4, name: "Network Activity", categoryName: "Network Activity")
    static let authentication = Class(
      number: 3002, category: 3, name: "Authentication",
      categoryName: "Identity & Access Management")
    static let authorization = Class(
      number: 3003, category: 3, name: "Authorize Session",
      categoryName: "Identity & Access Management")
    static let finding = Class(
      number: 2004, category: 2, name: "Detection Finding", categoryName: "Findings")
  }

  static func append(_ event: borrowing Event, node: String, to writer: inout JSONWriter) {
    let kind = kind(event)
    writer.beginObject()
    base(event, kind, node, &writer)
    switch kind {
    case .finding: finding(event, node, &writer)
    case .network:
      endpoints(event, node, &writer)
    case .authentication:
      user(event, &writer)
      service(event, &writer)
      request(event, &writer)
      source(event, &writer)
      writer.key("is_remote")
      writer.boolean(true)
    case .authorization:
      user(event, &writer)
      privileges(event, &writer)
      request(event, &writer)
      source(event, &writer)
    case .http:
      request(event, &writer)
      endpoints(event, node, &writer)
      if event.status > 0 { writer.member("http_status", event.status) }
    default:
      api(event, &writer)
      request(event, &writer)
      endpoints(event, node, &writer)
      resources(event, &writer)
    }
    unmapped(event, &writer)
    writer.endObject()
  }

  static func kind(_ event: borrowing Event) -> Class {
    if event.kind == .finding { return .finding }
    if event.kind == .turnedAway { return .network }
    if EventFacts.isAuthenticationFailure(event) { return .authentication }
    if event.problem == .accessDenied { return .authorization }
    return event[.route].isEmpty ? .http : .api
  }

  // MARK: What all classes have

  private static func base(
    _ event: borrowing Event, _ kind: Class, _ node: String, _ writer: inout JSONWriter
  ) {
    let activity = activity(event, kind)
    writer.member("class_uid", kind.number)
    writer.member("class_name", kind.name)
    writer.member("category_uid", kind.category)
    writer.member("category_name", kind.categoryName)
    writer.member("activity_id", activity.number)
    writer.member("activity_name", activity.name)
    writer.member("type_uid", kind.number * 100 + activity.number)
    writer.member("time", event.wallMilliseconds)
    let severity = severity(event)
    writer.member("severity_id", severity)
    writer.member("severity", severities[severity])
    if kind == .finding {
      writer.member("status_id", 1)
      writer.member("status", "New" as StaticString)
    } else {
      let isGood = event.problem == nil && event.status > 0 && event.status < 400
      writer.member("status_id", isGood ? 1 : 2)
      writer.member("status", isGood ? "Success" as StaticString : "Failure")
      if let problem = event.problem { writer.member("status_code", problem.code) }
      writer.member("status_detail", event, .reason)
      writer.member("duration", event.durationMicroseconds / 1000)
    }
    metadata(event, node, &writer)
  }

  private static let severities: [StaticString] = [
    "Unknown", "Informational", "Low", "Medium", "High", "Critical",
  ]

  private static func severity(_ event: borrowing Event) -> Int {
    if event.kind == .finding { return min(max(event.severity, 1), 5) }
    if event.fault == .gateway || event.status >= 500 { return 3 }
    return event.problem == nil && event.kind == .exchange ? 1 : 2
  }

  private static func activity(
    _ event: borrowing Event, _ kind: Class
  ) -> (number: Int, name: StaticString) {
    switch kind {
    case .finding: return (1, "Create")
    case .network: return (5, "Refuse")
    case .authentication: return (1, "Logon")
    case .authorization: return (99, "Check")
    case .http:
      switch event.method {
      case .connect: return (1, "Connect")
      case .delete: return (2, "Delete")
      case .get: return (3, "Get")
      case .head: return (4, "Head")
      case .options: return (5, "Options")
      case .post: return (6, "Post")
      case .put: return (7, "Put")
      case .trace: return (8, "Trace")
      case .patch: return (9, "Patch")
      case .other: return (0, "Unknown")
      }
    default:
      switch event.method {
      case .post: return (1, "Create")
      case .get, .head, .options: return (2, "Read")
      case .put, .patch: return (3, "Update")
      case .delete: return (4, "Delete")
      case .trace, .connect, .other: return (99, "Other")
      }
    }
  }

  private static func metadata(
    _ event: borrowing Event, _ node: String, _ writer: inout JSONWriter
  ) {
    writer.key("metadata")
    writer.beginObject()
    writer.member("version", "1.6.0" as StaticString)
    writer.member("uid", EventFacts.name(event, node: node))
    writer.member("sequence", Int(clamping: event.sequence & 0x7FFF_FFFF))
    writer.member("log_name", "events" as StaticString)
    writer.member("log_provider", node)
    let trace = EventFacts.trace(event)
    if !trace.isEmpty { writer.member("correlation_uid", trace) }
    writer.member("product") {
      $0.member("name", "Gatehouse" as StaticString)
      $0.member("vendor_name", "Gatehouse" as StaticString)
    }
    writer.endObject()
  }

  // MARK: Parts

  private static func api(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("actor")
    writer.beginObject()
    user(event, &writer)
    writer.endObject()
    writer.key("api")
    writer.beginObject()
    let path = event[.template].isEmpty ? event.string(.path) : event.string(.template)
    writer.member("operation", "\(event.string(.method)) \(path)")
    service(event, &writer)
    if !event[.requestID].isEmpty {
      writer.key("request")
      writer.beginObject()
      writer.member("uid", event, .requestID)
      writer.endObject()
    }
    writer.key("response")
    writer.beginObject()
    writer.member("code", event.status)
    if let problem = event.problem { writer.member("error", problem.code) }
    writer.member("error_message", event, .reason)
    writer.endObject()
    writer.endObject()
  }

  /// Who calls. Nobody knows of a caller who could not say; that is said with a name as well.
  private static func user(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("user")
    writer.beginObject()
    if event[.consumer].isEmpty {
      writer.member("name", "unknown" as StaticString)
      writer.member("type_id", 0)
    } else {
      writer.member("name", event, .consumer)
      writer.member("type_id", event.flags.contains(.isAnonymous) ? 99 : 1)
    }
    if event.credential != 0 { writer.member("credential_uid", EventFacts.hex(event.credential)) }
    writer.endObject()
  }

  private static func service(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("service")
    writer.beginObject()
    if event[.service].isEmpty {
      writer.member("name", "gatehouse" as StaticString)
    } else {
      writer.member("name", event, .service)
    }
    writer.endObject()
  }

  private static func request(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("http_request")
    writer.beginObject()
    writer.member("http_method", event, .method)
    writer.member("uid", event, .requestID)
    writer.member("user_agent", event, .userAgent)
    writer.member("referrer", event, .referer)
    writer.member("version", EventFacts.protocolVersion(event))
    writer.member("length", event.bytesIn)
    writer.key("url")
    writer.beginObject()
    writer.member("hostname", event, .host)
    writer.key("path")
    writer.string(event[.path])
    writer.member("query_string", event, .query)
    writer.member("scheme", event.flags.contains(.isSecure) ? "https" as StaticString : "http")
    writer.endObject()
    writer.endObject()
    writer.key("http_response")
    writer.beginObject()
    writer.member("code", event.status)
    writer.member("length", event.bytesOut)
    writer.member("latency", event.durationMicroseconds / 1000)
    writer.member("content_type", event, .responseType)
    writer.endObject()
  }

  private static func source(_ event: borrowing Event, _ writer: inout JSONWriter) {
    let address = event.client.description
    writer.member("src_endpoint") { $0.member("ip", address) }
  }

  private static func endpoints(
    _ event: borrowing Event, _ node: String, _ writer: inout JSONWriter
  ) {
    source(event, &writer)
    writer.key("dst_endpoint")
    writer.beginObject()
    if event[.host].isEmpty {
      writer.member("name", node)
    } else {
      writer.member("hostname", event, .host)
    }
    writer.member("svc_name", event, .service)
    writer.endObject()
  }

  private static func privileges(_ event: borrowing Event, _ writer: inout JSONWriter) {
    let path = event[.template].isEmpty ? event.string(.path) : event.string(.template)
    writer.key("privileges")
    writer.beginArray()
    writer.string("\(event.string(.method)) \(path)")
    writer.endArray()
  }

  private static func resources(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("resources")
    writer.beginArray()
    writer.beginObject()
    writer.member("name", event, .route)
    writer.member("type", "route" as StaticString)
    writer.endObject()
    writer.endArray()
  }

  private static func finding(
    _ event: borrowing Event, _ node: String, _ writer: inout JSONWriter
  ) {
    writer.key("finding_info")
    writer.beginObject()
    writer.member("uid", EventFacts.name(event, node: node))
    writer.key("title")
    writer.string(event[.reason])
    writer.member("desc", event, .detail)
    let name = event.string(.policy)
    writer.member("analytic") {
      $0.member("name", name)
      $0.member("type_id", 1)
    }
    writer.member("created_time", event.wallMilliseconds)
    writer.endObject()
    writer.member("count", max(1, event.bytesIn))
    writer.member("confidence_id", 0)
    writer.key("evidences")
    writer.beginArray()
    writer.beginObject()
    source(event, &writer)
    user(event, in: &writer)
    writer.endObject()
    writer.endArray()
  }

  private static func user(_ event: borrowing Event, in writer: inout JSONWriter) {
    writer.key("actor")
    writer.beginObject()
    user(event, &writer)
    writer.endObject()
  }

  /// What the schema has no place for.
  private static func unmapped(_ event: borrowing Event, _ writer: inout JSONWriter) {
    writer.key("unmapped")
    writer.beginObject()
    for text in [EventText.route, .policy, .upstream, .tlsVersion, .cipher] {
      writer.member(text.name, event, text)
    }
    if event.fault != .none { writer.member("fault", event.fault.name) }
    if event.subject != 0 { writer.member("subject", EventFacts.hex(event.subject)) }
    let span = EventFacts.span(event.span)
    if !span.isEmpty { writer.member("span_id", span) }
    writer.endObject()
  }
}
