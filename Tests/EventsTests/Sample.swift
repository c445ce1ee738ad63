import Base
import Foundation
import HTTP

@testable import Events
@testable import Telemetry

/// Makes events as a loop would, and a folder for a store.
final class Sample {
  let folder: String
  private(set) var sequence = 0

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID())").path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// 2026-02-03T04:05:06.789Z.
  static let moment: UInt64 = 1_770_091_506_789

  /// What is different between events.
  struct One {
    var time = Sample.moment
    var status = 200
    var consumer = "shop"
    var client = "192.0.2.7"
    var path = "/orders/7"
    var route = "orders"
    var problem: Problem?
    var policy = ""
    var requestID = ""
    var trace: (UInt64, UInt64) = (0, 0)
    var agent = "curl/8"
    var query: String?
    var kind = EventKind.exchange
    var detail = ""
    var method = "GET"
    var fault = Fault.none
    var flags: EventFlags = []
  }

  /// A block of events, numbered on.
  func block(_ ones: [One]) -> EventBlock {
    var encoder = EventEncoder(worker: 1, masking: MaskedNames(), blockBytes: 1 << 16)
    for one in ones {
      var record = EventRecord()
      record.kind = one.kind
      record.wallMilliseconds = one.time
      record.client = IPAddress(one.client) ?? .unspecified
      record.status = one.status
      record.problem = one.problem
      record.fault = one.fault
      record.flags = one.flags
      record.method = HTTP.Method(one.method.utf8.span)
      record.trace = one.trace
      if one.trace != (0, 0) { (record.span, record.parentSpan) = (17, 18) }
      record.durationMicroseconds = UInt64(1000 + sequence)
      (record.bytesIn, record.bytesOut) = (1, 300)
      (record.credential, record.subject) = (UInt64(one.consumer.utf8.count), 9)
      var head = RequestHead()
      let method = Array(one.method.utf8)
      head.methodText = head.fields.store(method.span)
      let path = Array(one.path.utf8)
      head.path = head.fields.store(path.span)
      if let query = one.query.map({ Array($0.utf8) }) {
        head.hasQuery = true
        head.query = head.fields.store(query.span)
      }
      let agent = Array(one.agent.utf8)
      head.fields.append(.userAgent, agent.span)
      let name = Array(one.requestID.utf8)
      let host = Array("api.test".utf8)
      head.host = head.fields.store(host.span)
      let texts = [one.route, "service", "/orders/{id}", one.consumer, one.policy, one.detail].map {
        Array($0.utf8)
      }
      let (route, service, template) = (texts[0], texts[1], texts[2])
      let (consumer, policy, detail) = (texts[3], texts[4], texts[5])
      let nothing = Span<UInt8>()
      var told = EventTexts(
        route: route.span, service: service.span, template: template.span, consumer: consumer.span,
        upstream: nothing, policy: policy.span, detail: detail.span, responseType: nothing)
      told.requestID = head.fields.store(name.span)
      told.reason = one.problem == nil ? "" : "it was so"
      encoder.append(record, sequence: UInt64(sequence), told, head)
      sequence += 1
    }
    let used = encoder.block.count
    return EventBlock(encoder.block.takeStorage(), used: used, count: ones.count, pool: nil)
  }
}

/// What of an event a test compares.
struct Seen: Hashable {
  var time: UInt64
  var sequence: UInt64
  var status: Int
  var texts: [String]
  var words: [UInt64]

  init(_ event: borrowing Event) {
    time = event.wallMilliseconds
    sequence = event.sequence
    status = event.status
    var texts: [String] = []
    for text in EventText.allCases { texts.append(event.string(text)) }
    self.texts = texts
    words = [
      event.trace.high, event.trace.low, event.span, event.parentSpan, event.durationMicroseconds,
      event.upstreamMicroseconds, event.bytesIn, event.bytesOut, event.credential, event.subject,
      event.client.high, event.client.low, UInt64(event.worker), UInt64(event.kind.rawValue),
      UInt64(event.flags.rawValue), UInt64(event.problem.map { Int($0.rawValue) + 1 } ?? 0),
      UInt64(event.fault.rawValue), UInt64(event.method.rawValue), UInt64(event.severity),
    ]
  }

  static func all(_ blocks: [EventBlock]) -> [Seen] {
    var all: [Seen] = []
    for block in blocks { block.forEach { all.append(Seen($0)) } }
    return all
  }
}
