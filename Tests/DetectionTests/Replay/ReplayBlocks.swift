import Base
import HTTP

@testable import Telemetry

/// Writes the requests of a replay as a loop does, block by block.
struct ReplayBlocks: ~Copyable {
  private var encoder = EventEncoder(worker: 0, masking: MaskedNames(), blockBytes: 65_536)
  private var head = RequestHead()
  private var count = 0
  private var sequence: UInt64 = 0

  /// Adds a request; gives the block if it is full.
  mutating func add(_ event: ReplayEvent) -> EventBlock? {
    var record = EventRecord()
    record.wallMilliseconds = event.time
    record.client = event.address
    record.status = event.status
    record.method = event.method
    record.problem = event.problem
    record.credential = event.credential
    record.subject = event.subject
    record.bytesOut = event.bytesOut
    record.upstreamMicroseconds = event.upstreamMicroseconds
    record.durationMicroseconds = event.upstreamMicroseconds + 120
    record.attempts = event.problem == nil ? 1 : 0
    if event.consumer.isEmpty { record.flags = [.isAnonymous] }
    head.clear()
    head.methodText = head.fields.store(event.method.name)
    let path = Array(event.path.utf8)
    head.path = head.fields.store(path.span)
    let agent = Array(event.agent.utf8)
    head.fields.append(.userAgent, agent.span)
    let (service, consumer) = (Array(event.service.utf8), Array(event.consumer.utf8))
    let type = Array(event.type.utf8)
    let nothing = Span<UInt8>()
    let texts = EventTexts(
      route: service.span, service: service.span, template: nothing, consumer: consumer.span,
      upstream: nothing, policy: nothing, detail: nothing, responseType: type.span)
    encoder.append(record, sequence: sequence, texts, head)
    sequence += 1
    count += 1
    return encoder.block.count >= 65_536 - 8192 ? flush() : nil
  }

  mutating func flush() -> EventBlock? {
    if count == 0 { return nil }
    let used = encoder.block.count
    defer { count = 0 }
    return EventBlock(encoder.block.takeStorage(), used: used, count: count, pool: nil)
  }
}
