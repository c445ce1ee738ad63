import Base
import HTTP
import Testing
import Wire

/// What the response parser takes, and what the writer makes of heads.
struct ResponseTests {
  @Test(arguments: [
    ("200 OK\r\n", Method.get, BodyFraming.untilClose), ("200 \r\n", .get, .untilClose),
    ("200\r\n", .get, .untilClose), ("200 OK\r\nContent-Length: 3\r\n", .get, .length(3)),
    ("200 OK\r\nContent-Length: 3\r\n", .head, .none),
    ("200 OK\r\nTransfer-Encoding: Chunked\r\n", .get, .chunked),
    ("204 X\r\n", .get, .none), ("304 X\r\nContent-Length: 3\r\n", .get, .none),
    ("100 Continue\r\n", .post, .none), ("999 X\r\nx_y: 1\r\n", .get, .untilClose),
  ])
  func `Framing follows status, method and fields`(
    text: String, method: Method, framing: BodyFraming
  ) {
    for step in [1, 1000] {
      let read = readResponse("HTTP/1.1 \(text)\r\n", method: method, step: step)
      #expect(read.isComplete)
      #expect(read.head.framing == framing)
      #expect(read.keepsAlive == (framing != .untilClose))
    }
  }

  @Test(arguments: [
    "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
    "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\n",
    "HTTP/1.1 101 X\r\n\r\n", "HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r\n a: b\r\n\r\n",
    "HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\na : b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\na: \u{0}\r\n\r\n",
  ])
  func `A wrong response is the upstream's fault`(text: String) {
    for step in [1, 1000] {
      #expect(readResponse(text, method: .get, step: step).problem == .badGateway)
    }
  }

  @Test func `Content where none may be never becomes the next response`() {
    let empty = "HTTP/1.1 204 No Content\r\nContent-Length: "
    #expect(readResponse(empty + "0\r\n\r\n", method: .get, step: 1000).keepsAlive)
    let wrong = readResponse(empty + "1\r\n\r\n", method: .get, step: 1000)
    #expect(wrong.isComplete && !wrong.keepsAlive)
    let interim = "HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\n"
    #expect(readResponse(interim, method: .get, step: 1000).problem == .badGateway)
  }

  @Test func `Each limit holds on both sides`() {
    var limits = Limits()
    limits.responseFieldCountMax = 2
    limits.responseHeadBytesMax = 50
    func isComplete(_ text: String) -> Bool {
      readResponse("HTTP/1.1 200 OK\r\n\(text)\r\n", method: .get, step: 7, limits: limits)
        .isComplete
    }
    #expect(isComplete("a:\r\nb:\r\n"))
    #expect(!isComplete("a:\r\nb:\r\nc:\r\n"))
    #expect(isComplete("a:" + String(repeating: "x", count: 27) + "\r\n"))
    #expect(!isComplete("a:" + String(repeating: "x", count: 28) + "\r\n"))
  }

  @Test func `A request is written in one form, which reads as the same request`() throws {
    let raw =
      "POST http://H:81/%61/./b?q=%2f HTTP/1.1\r\nHOST: h:81\r\nX-One:  1 \r\nTE: trailers\r\n"
      + "Connection: x-two, te\r\nX-Two: 2\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\nExpect: "
      + "100-continue\r\nKeep-Alive: 1\r\nProxy-Authorization: s\r\nContent-Length: 5\r\n\r\n"
    let head = try readHead(raw)
    var output = ByteBuffer()
    HeadWriter.request(head, host: "up:1".utf8.span, framing: .length(5), into: &output)
    let written =
      "POST /a/b?q=%2f HTTP/1.1\r\nhost: up:1\r\nx-one: 1\r\nte: trailers\r\n"
      + "connection: te\r\ncontent-length: 5\r\n\r\n"
    #expect(text(output) == written)
    let again = try readHead(written)
    var second = ByteBuffer()
    HeadWriter.request(again, host: "up:1".utf8.span, framing: again.framing, into: &second)
    #expect(text(second) == written)
  }

  /// Lines are written in one piece where they lie in one; what is between must be the same.
  @Test(arguments: [
    ("a: 1", "a: 1"), ("A:1", "a: 1"), ("A:\t1", "a: 1"), ("a:  1", "a: 1"), ("a: 1 ", "a: 1"),
    ("a: 1\t", "a: 1"), ("a:", "a: "), ("a: ", "a: "), ("a:   ", "a: "), ("a: : b", "a: : b"),
  ])
  func `A field is written in one form, however it came`(line: String, form: String) throws {
    let ways = [
      ["B: 2", line, "C: 3"], [line, line], [line, "TE: x", "C: 3"], ["Connection: b, c", line],
      ["b: 2", "Connection: b", line, "b: 4", "C: 3", "Keep-Alive: 5", "d: 6"],
    ]
    let forms = [
      ["b: 2", form, "c: 3"], [form, form], [form, "c: 3"], [form], [form, "c: 3", "d: 6"],
    ]
    for (way, written) in zip(ways, forms) {
      var head = try readHead(
        "GET / HTTP/1.1\r\n" + (way + ["Host: x", "Z:0"]).map { $0 + "\r\n" }.joined() + "\r\n")
      head.fields.append(.via, text: "1.1 g")
      head.fields.append(name: "y", value: "".utf8.span)
      var output = ByteBuffer()
      HeadWriter.request(head, host: "up".utf8.span, framing: .none, into: &output)
      let lines = ["GET / HTTP/1.1", "host: up"] + written + ["z: 0", "via: 1.1 g", "y: ", "", ""]
      #expect(text(output) == lines.joined(separator: "\r\n"))
    }
  }

  @Test(arguments: [
    (BodyFraming.none, ""), (.length(0), "content-length: 0\r\n"), (.untilClose, ""),
    (.chunked, "transfer-encoding: chunked\r\n"),
  ])
  func `A response carries the gateway's framing, not the upstream's`(
    framing: BodyFraming, line: String
  ) {
    let read = readResponse(
      "HTTP/1.1 404 Nope\r\nContent-Length: 3\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
        + "Connection: x\r\nX: y\r\n\r\n", method: .get, step: 1000)
    var reply = Fields()
    reply.append(name: "via", value: "1.1 g".utf8.span)
    var output = ByteBuffer()
    HeadWriter.response(
      read.head, reply: reply, framing: framing, closes: true, keepAliveVersion10: false,
      into: &output)
    #expect(
      text(output) == "HTTP/1.1 404 Not Found\r\nset-cookie: a\r\nset-cookie: b\r\nvia: 1.1 g\r\n"
        + line + "connection: close\r\n\r\n")
  }

  @Test func `Chunks are written as the decoder reads them`() {
    var output = ByteBuffer()
    HeadWriter.chunk(26, into: &output)
    output.append("abcdefghijklmnopqrstuvwxyz")
    HeadWriter.chunkEnd(into: &output)
    var trailers = Fields()
    trailers.append(name: "x-sum", value: "1".utf8.span)
    HeadWriter.lastChunk(trailers, into: &output)
    #expect(text(output) == "1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nx-sum: 1\r\n\r\n")
  }
}

private func text(_ buffer: ByteBuffer) -> String {
  String(decoding: buffer.storage[buffer.readIndex..<buffer.writeIndex], as: UTF8.self)
}

private func readHead(_ raw: String) throws -> RequestHead {
  var parser = RequestParser(limits: Limits())
  var head = RequestHead()
  var input = ByteBuffer()
  input.append(utf8: raw)
  guard case .complete = parser.parse(&input, into: &head) else {
    throw NotComplete()
  }
  return head
}

private struct NotComplete: Error {}

private struct ReadResponse {
  var head = ResponseHead()
  var isComplete = false
  var keepsAlive = false
  var problem: Problem?
}

private func readResponse(
  _ raw: String, method: Method, step: Int, limits: Limits = Limits()
) -> ReadResponse {
  var parser = ResponseParser(limits: limits)
  var read = ReadResponse()
  var input = ByteBuffer()
  let bytes = Array(raw.utf8)
  var at = 0
  while at < bytes.count {
    let count = min(step, bytes.count - at)
    input.append(bytes.span.extracting(at..<at + count))
    at += count
    switch parser.parse(&input, into: &read.head, method: method) {
    case .incomplete: continue
    case .complete: read.isComplete = true
    case .refused(let problem, _): read.problem = problem
    }
    read.keepsAlive = parser.keepsAlive
    return read
  }
  return read
}
