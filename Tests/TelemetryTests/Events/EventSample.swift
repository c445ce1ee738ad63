import Base
import HTTP
import Synchronization

@testable import Telemetry

/// Makes events and those who read them.
enum EventSample {
  static func record() -> EventRecord {
    var record = EventRecord()
    record.wallMilliseconds = Logging.moment
    record.client = IPAddress("192.0.2.7") ?? .unspecified
    record.status = 200
    record.method = .get
    return record
  }

  /// A request with all that an event tells of it.
  static func request(
    path: String = "/orders/7", query: String? = nil, fields: [(String, String)] = []
  ) -> RequestHead {
    var head = Logging.request(path: path, query: query, fields: fields)
    head.host = head.fields.store(Array("api.test".utf8).span)
    return head
  }

  /// The block that one event makes.
  static func block(
    _ request: RequestHead = request(), _ record: EventRecord = record(),
    masking: [String] = [], consumer: String = "", detail: String = ""
  ) -> EventBlock {
    var encoder = EventEncoder(
      worker: 3, masking: MaskedNames(masking), blockBytes: EventBuffer.blockBytes)
    let (consumer, detail) = (Array(consumer.utf8), Array(detail.utf8))
    var texts = EventTexts()
    texts.consumer = consumer.span
    texts.detail = detail.span
    encoder.append(record, sequence: 5, texts, request)
    let used = encoder.block.count
    return EventBlock(encoder.block.takeStorage(), used: used, count: 1, pool: nil)
  }

  /// What `read` finds in the only event of a block.
  static func only<Value>(_ block: EventBlock, _ read: (borrowing Event) -> Value) -> Value? {
    var found: [Value] = []
    let isWhole = block.forEach { found.append(read($0)) }
    return isWhole && found.count == 1 ? found.first : nil
  }

  static func bytes(_ block: EventBlock) -> [UInt8] {
    block.withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }

  static func text(_ block: EventBlock, _ text: EventText) -> String? {
    only(block) { $0.string(text) }
  }
}

/// A subscriber that notes what it gets, and can be held up.
final class EventListener: EventSubscriber {
  struct Got {
    var events = 0
    var sequences: [UInt64] = []
    var statuses: [Int] = []
    var titles: [String] = []
    var hasFinished = false
  }

  let name = "listener"
  private let got = Mutex(Got())
  /// Held by whoever wants it to wait.
  let gate = Mutex(())

  var all: Got { got.withLock { $0 } }

  func receive(_ block: EventBlock) {
    gate.withLock { _ in }
    block.forEach { event in
      let (sequence, status, title) = (event.sequence, event.status, event.string(.reason))
      got.withLock { got in
        got.events += 1
        got.sequences.append(sequence)
        got.statuses.append(status)
        got.titles.append(title)
      }
    }
  }

  func finish() { got.withLock { $0.hasFinished = true } }
}
