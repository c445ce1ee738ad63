import Base
import HTTP

@testable import Wire

/// An HTTP/2 connection as its client, which asks for `GET /` and keeps what it saw.
final class AskingConnection {
  private var machine: HTTP2Connection
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private(set) var statuses: [Int] = []
  private(set) var heads: [ResponseHead] = []
  private(set) var trailers: [String] = []
  private(set) var contentCount = 0
  private(set) var whole: [Int] = []
  private(set) var resetCodes: [UInt32] = []
  /// Why streams, or the connection, were ended.
  private(set) var reasons: [String] = []
  private(set) var unserved = 0
  private let method: Method
  private let credits: Bool
  var now = Instant(nanoseconds: 1_000_000_000)

  init(
    settings: [UInt8] = [], streamsMax: Int = 100, method: Method = .get, credits: Bool = true,
    limits: Limits = Limits()
  ) {
    self.method = method
    self.credits = credits
    machine = HTTP2Connection(
      limits: HTTP2Limits(upstream: limits, streamsMax: streamsMax), isClient: true)
    machine.begin(&output)
    output.consume(Frame.preface.count)
    feed(Frame.make(Frame.settings, settings))
    _ = frames()
  }

  var isFailed: Bool { machine.isFailed }
  var openCount: Int { machine.streamCount }
  var streamsMax: Int { machine.streamsMax }

  /// Asks; false if no stream may be opened.
  @discardableResult func ask(
    _ fields: [(String, String)] = [], content: Int = 0, framing: BodyFraming = .none
  ) -> Bool {
    guard let slot = machine.openStream() else { return false }
    var head = RequestHead()
    head.method = method
    head.methodText = head.fields.store(method.name)
    head.path = head.fields.store("/")
    for (name, value) in fields {
      head.fields.append(name: name.utf8.span, value: value.utf8.span)
    }
    machine.sendRequest(
      slot, head, authority: "api.test".utf8.span, isSecure: true, framing: framing,
      ends: framing == .none, into: &output)
    return true
  }

  func send(_ slot: Int, _ count: Int, ends: Bool) {
    let content = [UInt8](repeating: 7, count: count)
    machine.sendContent(slot, content.span, ends: ends, into: &output)
  }

  func room(_ slot: Int) -> Int { machine.room(slot) }

  func finish(_ slot: Int) { machine.finishRequest(slot, &output) }

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
        if credits { machine.credit(slot, range.count, &output) }
        if ends { finished(slot) }
      case .trailers(let slot):
        trailers = machine.trailers.lines.map { machine.trailers.text($0.name) }
        finished(slot)
      case .reset: resetCodes.append(machine.lastCode)
      case .streamFailed(_, let reason): reasons.append("\(reason)")
      case .room: break
      case .leaves:
        reasons.append("leaves")
        unserved += machine.takeUnserved().count
      case .failed(let reason): reasons.append("\(reason)")
      }
    }
  }

  private func finished(_ slot: Int) {
    whole.append(slot)
    machine.finishRequest(slot, &output)
  }

  private func takeHead(_ slot: Int) {
    var head = ResponseHead()
    switch machine.readResponse(slot: slot, method: method, input.readable, into: &head) {
    case .complete:
      statuses.append(head.status)
      heads.append(head)
      if machine.isResponseWhole(slot) { finished(slot) }
    case .interim: statuses.append(head.status)
    case .malformed(let reason):
      reasons.append("\(reason)")
      machine.reset(slot, .protocolError, &output)
    case .failed(let reason):
      reasons.append("\(reason)")
      _ = machine.fail(.compressionError, reason, &output)
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
