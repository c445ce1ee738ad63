import Base
import Formats
import Foundation
import HTTP
import Synchronization
import Testing

@testable import Events
@testable import Telemetry

@Suite struct FormTests {
  private let sample: Sample

  init() throws { sample = try Sample() }

  /// An event as the object that a form makes of it.
  private func object(_ one: Sample.One, _ form: EventForm) throws -> [String: Any] {
    let text = line(sample.block([one]), form)
    let object = try JSONSerialization.jsonObject(with: Data(text))
    return object as? [String: Any] ?? [:]
  }

  private func line(_ block: EventBlock, _ form: EventForm) -> [UInt8] {
    var writer = JSONWriter()
    block.forEach { event in form.append(event, node: "edge-1", to: &writer) }
    return writer.bytes
  }

  private func finding() -> EventBlock {
    let listener = FindingListener()
    let stream = EventStream(node: "edge-1")
    #expect(stream.attach(listener))
    var finding = EventFinding(
      severity: 4, detector: "key-guessing", title: "many keys", evidence: "90 keys in 10 s")
    finding.client = IPAddress("203.0.113.9")
    finding.count = 90
    EventDesk(stream).publish(finding)
    stream.close()
    return listener.blocks.withLock { $0[0] }
  }

  private static let kinds: [(one: Sample.One, uid: Int)] = {
    var wrong = Sample.One()
    (wrong.status, wrong.problem, wrong.policy, wrong.consumer) =
      (401, .credentialsInvalid, "api-key", "")
    var denied = Sample.One()
    (denied.status, denied.problem, denied.policy) = (403, .accessDenied, "access")
    var unknown = Sample.One()
    (unknown.status, unknown.problem, unknown.route) = (404, .notFound, "")
    var turned = Sample.One()
    (turned.kind, turned.status, turned.route) = (.turnedAway, 0, "")
    var post = Sample.One()
    (post.method, post.trace, post.requestID, post.query) = ("POST", (1, 2), "r-1", "page=2")
    return [
      (Sample.One(), 6003), (post, 6003), (wrong, 3002), (denied, 3003), (unknown, 4002),
      (turned, 4001),
    ]
  }()

  @Test func `LOG-04: each event is in the class of OCSF that fits, with all that it requires`()
    throws
  {
    for (one, uid) in FormTests.kinds {
      let object = try object(one, .ocsf)
      #expect(object["class_uid"] as? Int == uid)
      #expect(OCSFRules.flaws(in: object).isEmpty, "\(uid): \(OCSFRules.flaws(in: object))")
    }
    let found = try JSONSerialization.jsonObject(with: Data(line(finding(), .ocsf)))
    let object = found as? [String: Any] ?? [:]
    #expect(object["class_uid"] as? Int == 2004)
    #expect(OCSFRules.flaws(in: object).isEmpty, "\(OCSFRules.flaws(in: object))")
    let info = object["finding_info"] as? [String: Any]
    #expect(info?["title"] as? String == "many keys")
    #expect(object["severity_id"] as? Int == 4)
  }

  @Test func `The rules of OCSF find what is missing, unknown, or of a wrong type`() throws {
    var object = try object(Sample.One(), .ocsf)
    object["actor"] = nil
    object["colour"] = "red"
    object["time"] = "yesterday"
    object["type_uid"] = 1
    let flaws = OCSFRules.flaws(in: object)
    for word in ["actor", "colour", "time", "type_uid"] {
      #expect(flaws.contains { $0.contains(word) }, "\(word)")
    }
  }

  @Test func `LOG-04: ECS has each fact where its schema has it`() throws {
    var one = Sample.One()
    (one.status, one.problem, one.policy) = (429, .rateLimited, "rate-limit")
    (one.trace, one.requestID, one.query, one.flags) = ((1, 2), "r-1", "page=2", [.isSecure])
    let object = try object(one, .ecs)
    func at(_ path: String) -> String {
      var found: Any? = object
      for name in path.split(separator: ".") { found = (found as? [String: Any])?[String(name)] }
      if let list = found as? [String] { return list.joined(separator: ",") }
      return found.map { "\($0)" } ?? ""
    }
    let expected = [
      "@timestamp": "2026-02-03T04:05:06.789Z", "ecs.version": "8.11.0", "event.kind": "event",
      "event.category": "web", "event.type": "access,denied", "event.outcome": "failure",
      "event.code": "rate-limited", "event.reason": "it was so", "event.duration": "1000000",
      "source.ip": "192.0.2.7", "client.ip": "192.0.2.7", "user.name": "shop",
      "service.name": "service", "http.request.method": "GET", "http.request.id": "r-1",
      "http.response.status_code": "429", "http.version": "1.1", "url.path": "/orders/7",
      "url.query": "page=2", "url.domain": "api.test", "url.scheme": "https",
      "http.response.body.bytes": "300", "user_agent.original": "curl/8",
      "trace.id": "00000000000000010000000000000002", "span.id": "0000000000000011",
      "parent.id": "0000000000000012", "observer.name": "edge-1", "gatehouse.route": "orders",
      "gatehouse.policy": "rate-limit",
    ]
    for (path, value) in expected { #expect(at(path) == value, "\(path)") }
    let alert = try JSONSerialization.jsonObject(with: Data(line(finding(), .ecs)))
    let event = (alert as? [String: Any])?["event"] as? [String: Any]
    #expect(event?["kind"] as? String == "alert")
  }

  @Test func `Our own form has the names of the access log`() throws {
    var one = Sample.One()
    (one.status, one.problem, one.requestID) = (404, .notFound, "r-1")
    let object = try object(one, .json)
    for (key, value) in [
      "time": "2026-02-03T04:05:06.789Z", "client": "192.0.2.7", "method": "GET",
      "path": "/orders/7", "protocol": "HTTP/1.1", "route": "orders", "service": "service",
      "consumer": "shop", "user_agent": "curl/8", "request_id": "r-1", "problem": "not-found",
      "reason": "it was so", "kind": "exchange", "outcome": "refused",
    ] {
      #expect(object[key] as? String == value, "\(key)")
    }
    #expect(object["status"] as? Int == 404 && object["bytes_out"] as? Int == 300)
  }

  /// Line ends, an escape sequence, what turns text around, quotes, and what is no UTF-8 in JSON.
  private static let hostile =
    "/a\r\n<13>1 - - - - fake\u{1B}[2J\u{202E}\u{0}\"}\u{2028},\"status\":200,\"x\":\"${jndi:ldap://x}=cmd|' /C calc'!A1"

  @Test(arguments: EventForm.allCases)
  func `LOG-02: hostile text stays within its string and its line in every form`(
    form: EventForm
  ) throws {
    var one = Sample.One()
    (one.path, one.agent, one.query) = (FormTests.hostile, FormTests.hostile, FormTests.hostile)
    (one.consumer, one.detail, one.route) = (FormTests.hostile, FormTests.hostile, "")
    one.status = 404
    let text = String(decoding: line(sample.block([one]), form), as: UTF8.self)
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        Issue.record("\(scalar.value)")
      default: break
      }
    }
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(object != nil && object?["x"] == nil)
    if form == .json {
      #expect(object?["path"] as? String == FormTests.hostile)
      #expect(object?["status"] as? Int == 404)
    }
  }

  @Test func `LOG-02: hostile text is shown and inert in OTLP, whose strings have no escapes`() {
    let text = Array(FormTests.hostile.utf8) + [0xC3, 0x28]
    let shown = String(decoding: ShownText.bytes(text.span), as: UTF8.self)
    #expect(String(validating: ShownText.bytes(text.span), as: UTF8.self) != nil)
    #expect(
      shown.hasPrefix("/a\\u{d}\\u{a}<13>1 - - - - fake\\u{1b}[2J\\u{202e}\\u{0}\"}\\u{2028}"))
    for scalar in shown.unicodeScalars {
      #expect(scalar.properties.generalCategory != .control)
      #expect(scalar.properties.generalCategory != .format)
    }
  }

  @Test func `Spans are kept by the trace's identifier, and all that failed`() {
    var ones: [Sample.One] = []
    for number in 0..<4000 {
      var one = Sample.One()
      one.trace = (9, UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
      one.status = number % 100 == 0 ? 503 : 200
      ones.append(one)
    }
    for sample in [0.0, 0.1, 1.0] {
      var (kept, failed) = (0, 0)
      for start in stride(from: 0, to: ones.count, by: 100) {
        self.sample.block(Array(ones[start..<start + 100])).forEach { event in
          if OTLPForm.isKept(event, sample) {
            if event.status == 503 { failed += 1 } else { kept += 1 }
          }
        }
      }
      #expect(failed == 40)
      #expect(abs(Double(kept) - sample * 3960) < 60, "\(sample): \(kept)")
    }
  }
}
