import Base
import HTTP

@testable import Wire

/// An HTTP/2 connection with a small server on it: answers each whole request with `200` and `ok`,
/// as far as the client has room, and keeps what it saw.
final class ServedConnection {
  private var machine: HTTP2Connection
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private var waiting: [Int: [UInt8]] = [:]
  private let answers: Bool
  private(set) var heads: [RequestHead] = []
  private(set) var trailers: [String] = []
  private(set) var contentCount = 0
  /// Why streams, or the connection, were ended.
  private(set) var reasons: [String] = []
  var now = Instant(nanoseconds: 1_000_000_000)

  init(answers: Bool = true, limits: Limits = Limits()) {
    self.answers = answers
    machine = HTTP2Connection(limits: HTTP2Limits(limits))
    machine.begin(&output)
    feed(Frame.preface + Frame.make(Frame.settings))
    _ = frames()
  }

  /// A connection whose client has said nothing yet.
  init(silent: Void) {
    answers = true
    machine = HTTP2Connection(limits: HTTP2Limits(Limits()))
    machine.begin(&output)
  }

  var isFailed: Bool { machine.isFailed }
  var openCount: Int { machine.streamCount }

  func endLingering() { machine.endLingering(now: now, &output) }

  func drain() { machine.drain(&output) }

  func feed(_ bytes: [UInt8]) {
    for at in stride(from: 0, to: bytes.count, by: 8192) {
      input.append(bytes.span.extracting(at..<min(at + 8192, bytes.count)))
      run()
    }
  }

  private func run() {
    while true {
      switch machine.next(&input, &output, now: now) {
      case .needMore: return
      case .head(let slot): takeHead(slot)
      case .content(let slot, let range, let ends):
        contentCount += range.count
        machine.credit(slot, range.count, &output)
        if ends { finishRequest(slot) }
      case .trailers(let slot):
        trailers = machine.trailers.lines.map { machine.trailers.text($0.name) }
        finishRequest(slot)
      case .reset(let slot): waiting[slot] = nil
      case .streamFailed(let slot, let reason):
        waiting[slot] = nil
        reasons.append("\(reason)")
      case .room: send()
      case .leaves: reasons.append("leaves")
      case .failed(let reason): reasons.append("\(reason)")
      }
    }
  }

  private func takeHead(_ slot: Int) {
    var head = RequestHead()
    switch machine.readHead(slot: slot, input.readable, into: &head) {
    case .complete:
      heads.append(head)
      if machine.isRequestWhole(slot) { finishRequest(slot) }
    case .refused(let problem, let reason):
      reasons.append("\(reason)")
      respond(slot, problem.status, content: false)
    case .malformed(let reason):
      reasons.append("\(reason)")
      machine.reset(slot, .protocolError, &output)
    case .failed(let reason):
      reasons.append("\(reason)")
      _ = machine.fail(.compressionError, reason, &output)
    }
  }

  private func finishRequest(_ slot: Int) {
    if answers { answer(slot) }
  }

  /// Answers the request of a stream, now.
  func answer(_ slot: Int) { respond(slot, 200, content: true) }

  private func respond(_ slot: Int, _ status: Int, content: Bool) {
    var response = ResponseHead()
    response.status = status
    machine.sendHead(
      slot, response, reply: Fields(), length: content ? 2 : 0, ends: !content, into: &output)
    if content {
      waiting[slot] = Array("ok".utf8)
      send()
    } else {
      machine.finish(slot, lingersUntil: now.adding(milliseconds: 1000))
    }
  }

  private func send() {
    for (slot, content) in waiting {
      let count = min(content.count, machine.room(slot))
      if count == 0 { continue }
      let ends = count == content.count
      machine.sendContent(
        slot, content.span.extracting(first: count), ends: ends, into: &output)
      waiting[slot] = ends ? nil : Array(content[count...])
      if ends { machine.finish(slot, lingersUntil: now.adding(milliseconds: 1000)) }
    }
  }

  /// What was sent since the last time.
  func frames() -> [SentFrame] {
    var sent: [SentFrame] = []
    while output.count >= 9 {
      let header = HTTP2FrameHeader(output.readable)
      let start = output.readIndex + 9
      let bytes = Array(output.storage[start..<start + header.length])
      sent.append(
        SentFrame(type: header.type, flags: header.flags, stream: header.stream, payload: bytes))
      output.consume(9 + header.length)
    }
    return sent
  }
}

/// A frame that the server sent.
struct SentFrame: Equatable {
  var type: UInt8
  var flags: UInt8
  var stream: UInt32
  var payload: [UInt8]

  /// The code that a GOAWAY or RST_STREAM holds.
  var code: UInt32? {
    let at = type == Frame.goAway ? 4 : type == Frame.rstStream ? 0 : -1
    guard at >= 0, payload.count >= at + 4 else { return nil }
    return payload[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
