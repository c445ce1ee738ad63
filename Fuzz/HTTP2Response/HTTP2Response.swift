import Base
import HTTP
import Wire

/// Gives whatever the fuzzer makes up to an HTTP/2 connection as its client, behind SETTINGS, whole
/// and in pieces: both come to the same, and each response that is read can be written in HTTP/1.1
/// and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2Response(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let whole = transcript(bytes, step: max(1, count))
  precondition(whole == transcript(bytes, step: 7), "pieces read differently")
  return 0
}

private func transcript(_ bytes: [UInt8], step: Int) -> [UInt8] {
  var limits = Limits()
  limits.responseHeadBytesMax = 1024
  limits.responseFieldCountMax = 10
  let asker = Asker(limits)
  asker.feed([0, 0, 0, 4, 0, 0, 0, 0, 0])
  asker.ask()
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    asker.feed(Array(bytes[at..<end]))
    at = end
  }
  return asker.seen
}

private final class Asker {
  private var machine: HTTP2Connection
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private var asked = 0
  private(set) var seen: [UInt8] = []

  init(_ limits: Limits) {
    machine = HTTP2Connection(
      limits: HTTP2Limits(upstream: limits, streamsMax: 4), isClient: true)
    machine.begin(&output)
  }

  /// Has as many requests under way as may be.
  func ask() {
    while asked < 64, let slot = machine.openStream() {
      asked += 1
      var head = RequestHead()
      head.methodText = head.fields.store("GET")
      head.path = head.fields.store("/")
      machine.sendRequest(
        slot, head, authority: "h".utf8.span, isSecure: false, framing: .none, ends: true,
        into: &output)
    }
  }

  func feed(_ bytes: [UInt8]) {
    input.append(bytes)
    while true {
      switch machine.next(&input, &output, now: Instant(nanoseconds: 1)) {
      case .needMore: return
      case .head(let slot): takeHead(slot)
      case .content(let slot, let range, let ends):
        for index in range { seen.append(input.readable[index]) }
        machine.credit(slot, range.count, &output)
        if ends { finish(slot) }
      case .trailers(let slot):
        seen.append(3)
        finish(slot)
      case .reset, .streamFailed: again()
      case .room: seen.append(1)
      case .leaves: for slot in machine.takeUnserved() { seen.append(UInt8(slot)) }
      case .failed: seen.append(2)
      }
      precondition(machine.streamCount <= 4, "more streams than allowed")
      if output.count > 1 << 20 { output.clear() }
    }
  }

  private func again() {
    seen.append(4)
    ask()
  }

  private func finish(_ slot: Int) {
    machine.finishRequest(slot, &output)
    ask()
  }

  private func takeHead(_ slot: Int) {
    var head = ResponseHead()
    switch machine.readResponse(slot: slot, method: .get, input.readable, into: &head) {
    case .complete:
      check(head)
      if machine.isResponseWhole(slot) { finish(slot) }
    case .interim: seen.append(5)
    case .malformed:
      machine.reset(slot, .protocolError, &output)
      again()
    case .failed(let reason): _ = machine.fail(.compressionError, reason, &output)
    }
  }

  /// Nothing of a response may turn into something else on the way to an HTTP/1.1 client.
  private func check(_ head: ResponseHead) {
    var written = ByteBuffer()
    HeadWriter.response(
      head, reply: Fields(), framing: head.framing, closes: false, keepAliveVersion10: false,
      into: &written)
    seen += Array(written.storage[written.readIndex..<written.writeIndex])
    var parser = ResponseParser(limits: Limits())
    var again = ResponseHead()
    guard case .complete = parser.parse(&written, into: &again, method: .get) else {
      preconditionFailure("what was written is refused")
    }
    precondition(written.isEmpty, "what was written has more than a head")
    precondition(again.status == head.status)
  }
}
