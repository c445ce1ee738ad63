import Base
import CLinux
import HTTP
import Synchronization

/// Where those who are no loop put events: findings go to all subscribers as exchanges do.
public final class EventDesk: Sendable {
  /// The number that stands for no loop.
  static let worker = 255

  private let buffer: Mutex<EventBuffer>

  /// A desk of `stream`.
  public init(_ stream: EventStream) {
    buffer = Mutex(EventBuffer(stream, worker: EventDesk.worker))
  }

  /// Hands a finding to whoever reads the events, at once.
  public func publish(_ finding: EventFinding) {
    var record = EventRecord()
    record.kind = .finding
    record.severity = min(max(finding.severity, 1), 5)
    record.wallMilliseconds = EventDesk.wallMilliseconds()
    record.client = finding.client ?? .unspecified
    record.credential = finding.credential
    record.bytesIn = UInt64(max(0, finding.count))
    let names = [
      finding.route, finding.service, finding.consumer, finding.detector, finding.evidence,
      finding.title,
    ].map { Array($0.utf8) }
    let written = record
    buffer.withLock { buffer in
      let (route, service, consumer) = (names[0], names[1], names[2])
      let (detector, evidence, title) = (names[3], names[4], names[5])
      let nothing = Span<UInt8>()
      var texts = EventTexts(
        route: route.span, service: service.span, template: nothing, consumer: consumer.span,
        upstream: nothing, policy: detector.span, detail: evidence.span, responseType: nothing)
      texts.title = title.span
      buffer.append(written, texts, request: RequestHead())
      buffer.flush()
    }
  }

  private static func wallMilliseconds() -> UInt64 {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
