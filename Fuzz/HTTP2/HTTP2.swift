import Base
import HTTP
import Wire

/// Gives whatever the fuzzer makes up to an HTTP/2 connection, behind the preface and SETTINGS,
/// whole and in pieces: both come to the same, and each request that is read can be written in
/// HTTP/1.1 and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let whole = transcript(bytes, step: max(1, count))
  precondition(whole == transcript(bytes, step: 7), "pieces read differently")
  return 0
}

private func transcript(_ bytes: [UInt8], step: Int) -> [UInt8] {
  var limits = Limits()
  limits.headBytesMax = 1024
  limits.fieldBytesMax = 512
  limits.fieldCountMax = 10
  limits.streamsPerConnectionMax = 4
  let server = Server(limits)
  server.feed(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    server.feed(Array(bytes[at..<end]))
    at = end
  }
  return server.seen
}

private final class Server {
  private var machine: HTTP2Connection
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private(set) var seen: [UInt8] = []

  init(_ limits: Limits) {
    var held = HTTP2Limits(limits)
    held.takesConnect = true
    machine = HTTP2Connection(limits: held)
    machine.begin(&output)
  }

  func feed(_ bytes: [UInt8]) {
    input.append(bytes)
    while true {
      let event = machine.next(&input, &output, now: Instant(nanoseconds: 1))
      switch event {
      case .needMore: return
      case .head(let slot): takeHead(slot)
      case .content(let slot, let range, let ends):
        for index in range { seen.append(input.readable[index]) }
        machine.credit(slot, range.count, &output)
        if ends { answer(slot, 200) }
      case .trailers(let slot): answer(slot, 200)
      case .reset, .streamFailed, .room, .leaves: seen.append(1)
      case .failed: seen.append(2)
      }
      precondition(machine.streamCount <= 4, "more streams than allowed")
      if output.count > 1 << 20 { output.clear() }
    }
  }

  private func takeHead(_ slot: Int) {
    var head = RequestHead()
    switch machine.readHead(slot: slot, input.readable, into: &head) {
    case .complete:
      check(head)
      if machine.isRequestWhole(slot) { answer(slot, 200) }
    case .refused(let problem, _): answer(slot, problem.status)
    case .malformed: machine.reset(slot, .protocolError, &output)
    case .failed(let reason): _ = machine.fail(.compressionError, reason, &output)
    }
  }

  private func answer(_ slot: Int, _ status: Int) {
    var response = ResponseHead()
    response.status = status
    response.fields.append(name: "content-type", text: "text/plain")
    machine.sendHead(slot, response, reply: Fields(), length: nil, ends: true, into: &output)
    machine.finish(slot, lingersUntil: Instant(nanoseconds: 2))
  }

  /// Nothing of a request may turn into something else on the way to an HTTP/1.1 upstream.
  private func check(_ head: RequestHead) {
    var written = ByteBuffer()
    HeadWriter.request(head, host: "h".utf8.span, framing: head.framing, into: &written)
    let text = Array(written.storage[written.readIndex..<written.writeIndex])
    seen += text
    var parser = RequestParser(limits: Limits())
    var again = RequestHead()
    guard case .complete = parser.parse(&written, into: &again) else {
      preconditionFailure("what was written is refused")
    }
    precondition(written.isEmpty, "what was written has more than a head")
    precondition(again.method == head.method && again.framing == head.framing)
    precondition(again.pathTraits == head.pathTraits && again.hasQuery == head.hasQuery)
  }
}
