import Base
import HTTP
import Testing

@testable import Wire

/// What a server may send to the gateway and what it may not (RFC 9113, RFC 7541).
@Suite struct ResponseCaseTests {
  /// What a case comes to.
  enum Outcome: Equatable {
    /// The response is whole.
    case whole(Int)
    /// The stream ends with this code, and the connection goes on.
    case stream(HTTP2ErrorCode)
    /// The connection ends with this code.
    case connection(HTTP2ErrorCode)
  }

  struct Case: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let outcome: Outcome
    var method = Method.get

    var testDescription: String { name }
  }

  private static let ok = [(":status", "200")]

  private static func head(
    _ fields: [(String, String)], ends: Bool = true, stream: UInt32 = 1
  ) -> [UInt8] {
    Frame.request(stream, fields, ends: ends)
  }

  private static func data(_ count: Int, ends: Bool = true, stream: UInt32 = 1) -> [UInt8] {
    Frame.make(
      Frame.data, flags: ends ? Frame.endStream : 0, stream: stream,
      [UInt8](repeating: 7, count: count))
  }

  static let cases: [Case] = [
    Case(name: "a head alone", bytes: head(ok), outcome: .whole(0)),
    Case(name: "content", bytes: head(ok, ends: false) + data(3), outcome: .whole(3)),
    Case(
      name: "an empty frame at the end",
      bytes: head(ok, ends: false) + data(3, ends: false) + data(0), outcome: .whole(3)),
    Case(
      name: "trailers", bytes: head(ok, ends: false) + data(3, ends: false) + head([("a", "b")]),
      outcome: .whole(3)),
    Case(
      name: "interim heads",
      bytes: head([(":status", "100")], ends: false) + head([(":status", "103")], ends: false)
        + head(ok), outcome: .whole(0)),
    Case(
      name: "the announced length",
      bytes: head(ok + [("content-length", "3")], ends: false) + data(3), outcome: .whole(3)),
    Case(
      name: "a length for HEAD", bytes: head(ok + [("content-length", "3")]), outcome: .whole(0),
      method: .head),
    Case(
      name: "status 304 with a length", bytes: head([(":status", "304"), ("content-length", "3")]),
      outcome: .whole(0)),
    Case(
      name: "a reset with a response that is whole",
      bytes: head(ok) + Frame.make(Frame.rstStream, stream: 1, Frame.word(0)), outcome: .whole(0)),
    Case(
      name: "a head in two frames",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, [0x00, 0x01])
        + Frame.make(Frame.continuation, flags: 4, stream: 1, [0x61, 0x01, 0x62]),
      outcome: .stream(.protocolError)),
    Case(name: "no status", bytes: head([("a", "b")]), outcome: .stream(.protocolError)),
    Case(name: "two statuses", bytes: head(ok + ok), outcome: .stream(.protocolError)),
    Case(
      name: "a status behind a field", bytes: head([("a", "b")] + ok),
      outcome: .stream(.protocolError)),
    Case(
      name: "a pseudo-header of requests", bytes: head(ok + [(":path", "/")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "an unknown pseudo-header", bytes: head(ok + [(":x", "/")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "a status of two digits", bytes: head([(":status", "20")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "a status with a sign", bytes: head([(":status", "+20")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "status 99", bytes: head([(":status", "099")]), outcome: .stream(.protocolError)),
    Case(
      name: "status 101", bytes: head([(":status", "101")], ends: false),
      outcome: .stream(.protocolError)),
    Case(
      name: "an interim head that ends", bytes: head([(":status", "103")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "a capital", bytes: head(ok + [("Server", "x")]), outcome: .stream(.protocolError)),
    Case(
      name: "connection", bytes: head(ok + [("connection", "close")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "transfer-encoding", bytes: head(ok + [("transfer-encoding", "chunked")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "a line end in a value", bytes: head(ok + [("a", "b\r\nc: d")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "two lengths",
      bytes: head(ok + [("content-length", "1"), ("content-length", "1")], ends: false),
      outcome: .stream(.protocolError)),
    Case(
      name: "a length that is none", bytes: head(ok + [("content-length", "-1")], ends: false),
      outcome: .stream(.protocolError)),
    Case(
      name: "a length and no content", bytes: head(ok + [("content-length", "1")]),
      outcome: .stream(.protocolError)),
    Case(
      name: "more content than announced",
      bytes: head(ok + [("content-length", "1")], ends: false) + data(3),
      outcome: .stream(.protocolError)),
    Case(
      name: "less content than announced",
      bytes: head(ok + [("content-length", "9")], ends: false) + data(3),
      outcome: .stream(.protocolError)),
    Case(
      name: "content for HEAD", bytes: head(ok, ends: false) + data(3),
      outcome: .stream(.protocolError), method: .head),
    Case(
      name: "content of status 204", bytes: head([(":status", "204")], ends: false) + data(3),
      outcome: .stream(.protocolError)),
    Case(name: "content before the head", bytes: data(3), outcome: .stream(.protocolError)),
    Case(
      name: "trailers that do not end",
      bytes: head(ok, ends: false) + head([("a", "b")], ends: false),
      outcome: .stream(.protocolError)),
    Case(
      name: "a pseudo-header in the trailers", bytes: head(ok, ends: false) + head(ok),
      outcome: .stream(.protocolError)),
    Case(
      name: "a window of nothing", bytes: Frame.make(Frame.windowUpdate, stream: 1, Frame.word(0)),
      outcome: .stream(.protocolError)),
    Case(
      name: "a window of the stream too large",
      bytes: Frame.make(Frame.windowUpdate, stream: 1, Frame.word(0x7FFF_FFFF)),
      outcome: .stream(.flowControlError)),
    Case(
      name: "a window of the connection too large",
      bytes: Frame.make(Frame.windowUpdate, stream: 0, Frame.word(0x7FFF_FFFF)),
      outcome: .connection(.flowControlError)),
    Case(
      name: "a head on an idle stream", bytes: head(ok, stream: 3),
      outcome: .connection(.protocolError)),
    Case(
      name: "a head on a stream of the server's", bytes: head(ok, stream: 2),
      outcome: .connection(.protocolError)),
    Case(
      name: "content on an idle stream", bytes: data(1, stream: 3),
      outcome: .connection(.protocolError)),
    Case(
      name: "a reset of an idle stream",
      bytes: Frame.make(Frame.rstStream, stream: 3, Frame.word(0)),
      outcome: .connection(.protocolError)),
    Case(
      name: "a push",
      bytes: Frame.make(Frame.pushPromise, flags: 4, stream: 1, [0, 0, 0, 2, 0x82]),
      outcome: .connection(.protocolError)),
    Case(
      name: "ENABLE_PUSH", bytes: Frame.make(Frame.settings, Frame.setting(2, 1)),
      outcome: .connection(.protocolError)),
    Case(
      name: "a frame within a header block",
      bytes: Frame.make(Frame.headers, stream: 1, [0x88]) + Frame.make(Frame.ping, [0, 0, 0, 0]),
      outcome: .connection(.protocolError)),
    Case(
      name: "an index of no field",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, [0x88, 0xFE]),
      outcome: .connection(.compressionError)),
    Case(
      name: "a table larger than ours",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, [0x3F, 0xE1, 0xFF, 0x03, 0x88]),
      outcome: .connection(.compressionError)),
    Case(
      name: "a frame that is too large", bytes: [1, 0, 0, 0, 0, 0, 0, 0, 1],
      outcome: .connection(.frameSizeError)),
    Case(
      name: "SETTINGS of another size", bytes: Frame.make(Frame.settings, [1]),
      outcome: .connection(.frameSizeError)),
    Case(
      name: "GOAWAY that is too short", bytes: Frame.make(Frame.goAway, [1]),
      outcome: .connection(.frameSizeError)),
  ]

  // H2-07.
  @Test(arguments: cases) func `A case of frames comes to what it must`(_ given: Case) {
    let connection = AskingConnection(method: given.method)
    connection.ask()
    _ = connection.frames()
    connection.feed(given.bytes)
    let sent = connection.frames()
    switch given.outcome {
    case .whole(let count):
      #expect(connection.whole == [0] && connection.contentCount == count, "\(connection.reasons)")
      #expect(connection.openCount == 0 && !connection.isFailed)
    case .stream(let code):
      #expect(
        sent.first { $0.type == Frame.rstStream }?.code == code.rawValue, "\(connection.reasons)")
      #expect(!connection.isFailed && connection.whole.isEmpty)
      connection.ask()
      connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok, stream: 3))
      #expect(connection.whole.count == 1, "\(connection.reasons)")
    case .connection(let code):
      #expect(
        sent.last { $0.type == Frame.goAway }?.code == code.rawValue, "\(connection.reasons)")
      #expect(connection.isFailed)
    }
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13]) func `Frames may come in pieces of any size`(_ step: Int) {
    for given in ResponseCaseTests.cases {
      let whole = AskingConnection(method: given.method)
      let pieces = AskingConnection(method: given.method)
      whole.ask()
      pieces.ask()
      whole.feed(given.bytes)
      for at in stride(from: 0, to: given.bytes.count, by: step) {
        pieces.feed(Array(given.bytes[at..<min(at + step, given.bytes.count)]))
      }
      #expect(whole.frames() == pieces.frames(), "\(given.name)")
    }
  }

  @Test func `No more streams are opened than the server allows`() {
    let connection = AskingConnection(settings: Frame.setting(3, 2))
    #expect(connection.streamsMax == 2)
    #expect(connection.ask() && connection.ask() && !connection.ask())
    connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok))
    #expect(connection.ask() && !connection.ask())
    #expect(AskingConnection(settings: [], streamsMax: 1).streamsMax == 1)
    #expect(!AskingConnection(settings: Frame.setting(3, 0)).ask())
  }

  @Test func `Behind a goodbye what was not looked at is given back, and nothing more is asked`() {
    let connection = AskingConnection()
    for _ in 0..<3 { connection.ask() }
    connection.feed(Frame.make(Frame.goAway, Frame.word(0x7FFF_FFFF) + Frame.word(0)))
    #expect(connection.unserved == 0 && connection.reasons == ["leaves"])
    connection.feed(Frame.make(Frame.goAway, Frame.word(1) + Frame.word(0)))
    #expect(connection.unserved == 2 && connection.openCount == 1 && !connection.ask())
    connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok))
    #expect(connection.whole == [0])
  }

  // H2-05.
  @Test func `Content goes no further than the windows of the server, and of ours`() {
    let sending = AskingConnection(settings: Frame.setting(4, 10), method: .post)
    sending.ask(framing: .chunked)
    #expect(sending.room(0) == 10)
    sending.send(0, 10, ends: false)
    #expect(sending.room(0) == 0)
    sending.feed(Frame.make(Frame.settings, Frame.setting(4, 0)))
    sending.feed(Frame.make(Frame.windowUpdate, stream: 1, Frame.word(15)))
    #expect(sending.room(0) == 5)
    let taking = AskingConnection(credits: false)
    taking.ask()
    taking.feed(ResponseCaseTests.head(ResponseCaseTests.ok, ends: false))
    for _ in 0..<2 { taking.feed(ResponseCaseTests.data(8192, ends: false)) }
    #expect(taking.reasons.isEmpty)
    taking.feed(ResponseCaseTests.data(1, ends: false))
    #expect(taking.reasons == ["more content than allowed"])
  }

  @Test func `A stream whose content is taken gets more room`() {
    let connection = AskingConnection()
    connection.ask()
    _ = connection.frames()
    connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok, ends: false))
    connection.feed(ResponseCaseTests.data(8191, ends: false))
    #expect(connection.frames().isEmpty)
    connection.feed(ResponseCaseTests.data(1, ends: false))
    let update = connection.frames().first { $0.type == Frame.windowUpdate }
    #expect(update?.stream == 1 && update?.payload == Frame.word(8192 + 65_535 - 16_384))
  }

  @Test func `A server may say often that it took content`() {
    let connection = AskingConnection(settings: Frame.setting(4, 1 << 24), method: .post)
    connection.ask(framing: .chunked)
    connection.feed(Frame.make(Frame.windowUpdate, stream: 0, Frame.word(1 << 24)))
    for _ in 0..<1_000 {
      connection.send(0, 16_384, ends: false)
      for _ in 0..<4 {
        connection.feed(Frame.make(Frame.windowUpdate, stream: 0, Frame.word(4096)))
        connection.feed(Frame.make(Frame.windowUpdate, stream: 1, Frame.word(4096)))
      }
      _ = connection.frames()
    }
    #expect(!connection.isFailed, "\(connection.reasons)")
  }

  // H2-02, H2-03, H2-06: of a server.
  @Test(arguments: [
    ("PING", Frame.make(Frame.ping, [UInt8](repeating: 0, count: 8))),
    ("SETTINGS", Frame.make(Frame.settings)),
    ("PRIORITY", Frame.make(Frame.priority, stream: 1, [0, 0, 0, 0, 0])),
    ("WINDOW_UPDATE", Frame.make(Frame.windowUpdate, stream: 1, [0, 0, 0, 1])),
    ("unknown frames", Frame.make(99)),
    ("GOAWAY", Frame.make(Frame.goAway, [UInt8](repeating: 0, count: 8))),
    ("DATA of nothing", Frame.make(Frame.data, stream: 1)),
  ])
  func `A flood of a server ends the connection`(_ flood: (name: String, frame: [UInt8])) {
    let connection = AskingConnection()
    connection.ask()
    connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok, ends: false))
    for _ in 0..<3_000 where !connection.isFailed { connection.feed(flood.frame) }
    #expect(connection.isFailed, "\(flood.name)")
    #expect(connection.frames().last { $0.type == Frame.goAway }?.code == 11)
  }

  // H2-03, H2-04.
  @Test func `A head of a server is bounded, however it is written`() {
    var limits = Limits()
    limits.responseHeadBytesMax = 4096
    let long = AskingConnection(limits: limits)
    long.ask()
    long.feed(Frame.make(Frame.headers, stream: 1, [0x88]))
    for _ in 0..<100 where !long.isFailed { long.feed(Frame.make(Frame.continuation, stream: 1)) }
    #expect(long.reasons == ["header block in too many frames"])
    let bomb = AskingConnection(limits: limits)
    bomb.ask()
    let field = [0x40, 1, 0x61, 0x7F, 0x81, 0x0A] + [UInt8](repeating: 0x62, count: 1408)
    bomb.feed(
      Frame.make(
        Frame.headers, flags: 5, stream: 1, [0x88] + field + [UInt8](repeating: 0xBE, count: 2000)))
    #expect(bomb.reasons == ["response head too large"])
    #expect(!bomb.isFailed && bomb.heads.isEmpty)
  }

  @Test func `What is of no use any more is given up, and what comes of it dropped`() {
    let connection = AskingConnection()
    for _ in 0..<1_000 {
      connection.ask()
      connection.finish(0)
    }
    // No flood of ours ends the connection from this side.
    #expect(!connection.isFailed && connection.openCount == 0)
    connection.feed(ResponseCaseTests.head(ResponseCaseTests.ok, ends: false))
    connection.feed(ResponseCaseTests.data(100))
    #expect(!connection.isFailed && connection.statuses.isEmpty)
    #expect(connection.frames().count { $0.type == Frame.rstStream && $0.code == 8 } == 1_000)
  }

  @Test func `Trailers that decide something are left out`() {
    let connection = AskingConnection()
    connection.ask()
    connection.feed(
      ResponseCaseTests.head(ResponseCaseTests.ok, ends: false)
        + ResponseCaseTests.head([("grpc-status", "0"), ("content-type", "x"), ("x-sum", "1")]))
    #expect(connection.trailers == ["grpc-status", "x-sum"])
  }

  // H2-04: nothing that one client sends can be guessed at by another's requests.
  @Test func `Only what says nothing of a client enters the table that all clients share`() {
    let connection = AskingConnection()
    let fields = [
      ("user-agent", "test"), ("x-secret", "s3cret"), ("authorization", "Bearer x"),
      ("x-api-key", "k"), ("cookie", "a=b"), ("x-forwarded-for", "10.0.0.1"),
    ]
    for _ in 0..<3 { connection.ask(fields) }
    let sent = connection.frames().filter { $0.type == Frame.headers }.map { $0.payload }
    func count(_ text: String) -> [Bool] {
      sent.map { String(decoding: $0, as: UTF8.self).contains(text) }
    }
    #expect(count("test") == [true, true, false] && count("api.test") == [true, true, false])
    for secret in ["s3cret", "Bearer x", "a=b", "10.0.0.1"] {
      #expect(count(secret) == [true, true, true], "\(secret)")
    }
  }
}
