import Base
import HTTP
import Testing
import Wire

/// What the body decoder takes for content, and what it refuses.
struct BodyDecoderTests {
  @Test(arguments: [
    ("0\r\n\r\n", ""), ("3\r\nabc\r\n0\r\n\r\n", "abc"), ("1\r\na\r\n2\r\nbc\r\n00\r\n\r\n", "abc"),
    ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("0000000000000001\r\na\r\n0\r\n\r\n", "a"),
    ("1;a\r\na\r\n0;b=c\r\n\r\n", "a"), ("1;a=\"\\\"; \";b\r\na\r\n0\r\n\r\n", "a"),
    ("1 ; a = b\r\na\r\n0\r\n\r\n", "a"), ("0\r\nX-T: 1\r\n\r\n", ""),
  ])
  func `Chunks become content`(raw: String, content: String) {
    for step in [1, 2, 1000] {
      let read = readChunked(raw, step: step)
      #expect(read.body == Array(content.utf8))
      #expect(read.problem == nil)
      #expect(read.isFinished)
    }
  }

  // SMG-08, SMG-09, SMG-10.
  @Test(arguments: [
    "\r\n", "g\r\n", "-1\r\n", "0x1\r\n", " 1\r\n", "1 \r\na\r\n", "1\na\r\n", "1\r\nab",
    "1\r\na\n",
    "1\r\na\rb", "1\ra", "1000000000000000\r\n", "00000000000000001\r\n", "1;\r\n", "1;=\r\n",
    "1;a=\r\n", "1;a=\"\r\n", "1;a b\r\n", "1;a\u{1}\r\n", "1;a\n", "1,\r\n", ";a\r\n",
    "0\r\nX\r\n\r\n", "0\r\n X: y\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\nX: y\n\r\n", "0\r\n\n",
    "0\r\nHost: h\r\n\r\n", "0\r\nContent-Length: 1\r\n\r\n", "0\r\nX-Consumer-Group: a\r\n\r\n",
    "0\r\nAuthorization: a\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])
  func `Wrong chunks are refused`(raw: String) {
    for step in [1, 1000] {
      #expect(readChunked(raw, step: step).problem == .malformedRequest)
    }
  }

  @Test func `Trailers of a response that are not allowed are dropped`() {
    let raw = "0\r\nGrpc-Status: 0\r\nSet-Cookie: a\r\nETag: x\r\nContent-Length: 5\r\n\r\n"
    let read = readChunked(raw, step: 1, isRequest: false)
    #expect(read.trailers == ["grpc-status: 0", "etag: x"])
    #expect(readChunked("x", step: 1, isRequest: false).problem == .badGateway)
  }

  @Test func `Each limit holds on both sides`() {
    var limits = Limits()
    limits.chunkExtensionBytesMax = 4
    limits.trailerCountMax = 2
    limits.trailerBytesMax = 20
    func problem(_ raw: String) -> Problem? {
      let whole = readChunked(raw, step: 1000, limits: limits)
      #expect(whole.problem == readChunked(raw, step: 1, limits: limits).problem)
      return whole.problem
    }
    #expect(problem("1;a\r\na\r\n0;b\r\n\r\n") == nil)
    #expect(problem("1;a\r\na\r\n0;bc\r\n\r\n") == .malformedRequest)
    #expect(problem("0\r\na:b\r\nc:d\r\n\r\n") == nil)
    #expect(problem("0\r\na:b\r\nc:d\r\ne:f\r\n\r\n") == .headerTooLarge)
    #expect(problem("0\r\na:0123456789012345\r\n\r\n") == nil)
    #expect(problem("0\r\na:01234567890123456\r\n\r\n") == .headerTooLarge)
  }

  @Test func `A length is content to the byte, and what follows is left`() {
    var decoder = BodyDecoder(limits: Limits())
    var input = ByteBuffer()
    input.append("abcdef")
    decoder.begin(.length(4))
    guard case .content(4) = decoder.next(&input) else {
      Issue.record("four bytes of content")
      return
    }
    decoder.took(3, from: &input)
    guard case .content(1) = decoder.next(&input) else {
      Issue.record("one byte of content")
      return
    }
    decoder.took(1, from: &input)
    #expect(decoder.isFinished)
    #expect(input.count == 2)
    decoder.begin(.untilClose)
    guard case .content(2) = decoder.next(&input) else {
      Issue.record("two bytes of content")
      return
    }
    decoder.took(2, from: &input)
    #expect(!decoder.isFinished)
    decoder.begin(.none)
    #expect(decoder.isFinished)
  }
}

private struct ReadBody {
  var body: [UInt8] = []
  var problem: Problem?
  var trailers: [String] = []
  var isFinished = false
}

private func readChunked(
  _ raw: String, step: Int, isRequest: Bool = true, limits: Limits = Limits()
) -> ReadBody {
  var decoder = BodyDecoder(limits: limits, isRequest: isRequest)
  decoder.begin(.chunked)
  var read = ReadBody()
  var input = ByteBuffer()
  let bytes = Array(raw.utf8)
  var at = 0
  while true {
    switch decoder.next(&input) {
    case .needMore:
      if at == bytes.count { return read }
      let count = min(step, bytes.count - at)
      input.append(bytes.span.extracting(at..<at + count))
      at += count
    case .content(let count):
      for index in 0..<count { read.body.append(input.readable[index]) }
      decoder.took(count, from: &input)
    case .refused(let problem, _):
      read.problem = problem
      return read
    case .end:
      read.trailers = lines(decoder.trailers)
      read.isFinished = decoder.isFinished
      return read
    }
  }
}
