import Base
import HTTP
import Wire

/// Gives whatever the fuzzer makes up to the request parser and the body decoder, whole and in
/// pieces, and writes what they took: what is written must read as the same request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var limits = Limits()
  limits.targetBytesMax = 256
  limits.fieldBytesMax = 256
  limits.headBytesMax = 512
  limits.fieldCountMax = 10
  let whole = transcript(bytes, step: max(1, count), limits: limits)
  precondition(whole == transcript(bytes, step: 1, limits: limits), "pieces read differently")
  return 0
}

/// Everything that a connection with these bytes yields, written again.
private func transcript(_ bytes: [UInt8], step: Int, limits: Limits) -> [UInt8] {
  var reader = Reader(limits: limits)
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    reader.input.append(bytes.span.extracting(at..<end))
    at = end
    if !reader.run() { break }
  }
  return reader.seen
}

private struct Reader {
  var input = ByteBuffer()
  var seen: [UInt8] = []
  private var parser: RequestParser
  private var decoder: BodyDecoder
  private var head = RequestHead()
  private var isInBody = false

  init(limits: Limits) {
    parser = RequestParser(limits: limits)
    decoder = BodyDecoder(limits: limits)
  }

  /// Goes on as far as the bytes reach; false when the connection is over.
  mutating func run() -> Bool {
    while true {
      if !isInBody {
        switch parser.parse(&input, into: &head) {
        case .incomplete: return true
        case .refused(let problem, _):
          seen.append(problem.rawValue)
          return false
        case .complete:
          check()
          isInBody = true
          decoder.begin(head.framing)
        }
      }
      switch decoder.next(&input) {
      case .needMore: return true
      case .refused(let problem, _):
        seen.append(problem.rawValue)
        return false
      case .content(let count):
        for index in 0..<count { seen.append(input.readable[index]) }
        decoder.took(count, from: &input)
      case .end:
        for line in decoder.trailers.lines { seen += decoder.trailers.arena[line.name.range] }
        if !parser.keepsAlive { return false }
        parser.reset()
        head.clear()
        isInBody = false
      }
    }
  }

  private mutating func check() {
    let written = write(head)
    seen += written
    var input = ByteBuffer()
    input.append(written)
    var parser = RequestParser(limits: Limits())
    var again = RequestHead()
    guard case .complete = parser.parse(&input, into: &again) else {
      preconditionFailure("what was written is refused")
    }
    precondition(input.isEmpty, "what was written has more than a head")
    precondition(again.method == head.method && again.framing == head.framing)
    precondition(again.pathTraits == head.pathTraits && again.hasQuery == head.hasQuery)
    precondition(bytes(again, again.path) == bytes(head, head.path), "another path")
    precondition(bytes(again, again.query) == bytes(head, head.query), "another query")
    precondition(again.fields.value(.transferEncoding) == nil || again.framing == .chunked)
    precondition(write(again) == written, "the second writing differs")
  }

  private func bytes(_ head: RequestHead, _ slice: Slice) -> [UInt8] {
    Array(head.fields.arena[slice.range])
  }

  private func write(_ head: RequestHead) -> [UInt8] {
    var output = ByteBuffer()
    HeadWriter.request(head, host: "h".utf8.span, framing: head.framing, into: &output)
    return Array(output.storage[output.readIndex..<output.writeIndex])
  }
}
