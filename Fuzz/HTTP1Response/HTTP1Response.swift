import Base
import HTTP
import Wire

/// Gives whatever the fuzzer makes up to the response parser and the body decoder, whole and in
/// pieces, and writes what they took: what is written must read as the same response.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResponse(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let all = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let method = all[0] & 1 == 0 ? Method.get : .head
  let bytes = Array(all.dropFirst())
  let whole = transcript(bytes, step: count, method: method)
  precondition(whole == transcript(bytes, step: 1, method: method), "pieces read differently")
  return 0
}

/// Everything that one response yields, written again.
private func transcript(_ bytes: [UInt8], step: Int, method: Method) -> [UInt8] {
  var limits = Limits()
  limits.responseHeadBytesMax = 512
  limits.responseFieldCountMax = 10
  var parser = ResponseParser(limits: limits)
  var decoder = BodyDecoder(limits: limits, isRequest: false)
  var input = ByteBuffer()
  var head = ResponseHead()
  var seen: [UInt8] = []
  var isInBody = false
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    input.append(bytes.span.extracting(at..<end))
    at = end
    if !isInBody {
      switch parser.parse(&input, into: &head, method: method) {
      case .incomplete: continue
      case .refused(let problem, _): return seen + [problem.rawValue]
      case .complete:
        seen += check(head, method: method)
        decoder.begin(head.framing)
        isInBody = true
      }
    }
    body: while true {
      switch decoder.next(&input) {
      case .needMore: break body
      case .refused(let problem, _): return seen + [problem.rawValue]
      case .content(let count):
        for index in 0..<count { seen.append(input.readable[index]) }
        decoder.took(count, from: &input)
      case .end:
        for line in decoder.trailers.lines { seen += decoder.trailers.arena[line.name.range] }
        return seen
      }
    }
  }
  return seen
}

private func check(_ head: ResponseHead, method: Method) -> [UInt8] {
  let written = write(head)
  var input = ByteBuffer()
  input.append(written)
  var parser = ResponseParser(limits: Limits())
  var again = ResponseHead()
  guard case .complete = parser.parse(&input, into: &again, method: method) else {
    preconditionFailure("what was written is refused")
  }
  precondition(input.isEmpty, "what was written has more than a head")
  precondition(again.status == head.status && again.framing == head.framing)
  precondition(write(again) == written, "the second writing differs")
  return written
}

private func write(_ head: ResponseHead) -> [UInt8] {
  var output = ByteBuffer()
  HeadWriter.response(
    head, reply: Fields(), framing: head.framing, closes: false, keepAliveVersion10: false,
    into: &output)
  return Array(output.storage[output.readIndex..<output.writeIndex])
}
