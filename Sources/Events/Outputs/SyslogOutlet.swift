import Base
import Formats
import HTTP
import Runtime
import TLS
import Telemetry

/// Events as messages of RFC 5424, over TCP or TLS with octet counting (RFC 6587 §3.4.1, RFC 5425).
///
/// Syslog has no answers: what was sent on a connection that broke may be lost. A connection that
/// the other side has closed is found before more is sent on it.
final class SyslogOutlet: Outlet {
  /// Facility 13, log audit; RFC 5424 §6.2.1.
  private static let facility = 13

  private let form: EventForm
  private let node: String
  private let dial: () throws(OutletError) -> ByteStream
  private var stream: ByteStream?

  /// An outlet that connects by `dial`.
  init(
    form: EventForm, node: String, dial: @escaping () throws(OutletError) -> ByteStream
  ) {
    self.form = form
    self.node = node
    self.dial = dial
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    var frames: [UInt8] = []
    batch.forEach { event in append(event, to: &frames) }
    if frames.isEmpty { return }
    if let stream, stream.isClosedByPeer { self.stream = nil }
    do throws(OutletError) {
      if stream == nil { stream = try dial() }
      try stream?.write(frames)
    } catch {
      stream = nil
      throw error
    }
  }

  private func append(_ event: borrowing Event, to frames: inout [UInt8]) {
    var writer = JSONWriter()
    form.append(event, node: node, to: &writer)
    let head =
      "<\(SyslogOutlet.facility * 8 + SyslogOutlet.severity(event))>1 "
      + "\(EventFacts.time(event.wallMilliseconds)) \(node) gatehouse "
      + "\(ProcessFacts.processIdentifier) \(event.kind.name) - "
    let message = Array(head.utf8) + writer.bytes
    frames += Array("\(message.count) ".utf8)
    frames += message
  }

  /// RFC 5424's numbers: 2 critical, 3 error, 4 warning, 5 notice, 6 informational.
  private static func severity(_ event: borrowing Event) -> Int {
    if event.kind == .finding { return [6, 6, 5, 4, 3, 2][min(max(event.severity, 0), 5)] }
    if event.status >= 500 || event.fault == .gateway { return 3 }
    return event.problem != nil || event.kind == .turnedAway ? 4 : 6
  }
}
