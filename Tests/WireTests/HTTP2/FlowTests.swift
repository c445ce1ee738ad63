import Base
import Testing

@testable import Wire

/// Windows, settings, the preface and the end of connections.
@Suite struct FlowTests {
  @Test func `The server's first frame is SETTINGS, and the client's are acknowledged`() {
    let connection = ServedConnection(silent: ())
    connection.feed(Frame.preface + Frame.make(Frame.settings))
    let sent = connection.frames()
    #expect(sent.first?.type == Frame.settings && sent.first?.flags == 0)
    #expect(sent.contains { $0.type == Frame.settings && $0.flags == 1 })
  }

  @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"])
  func `Another preface ends the connection`(_ text: String) {
    let connection = ServedConnection(silent: ())
    connection.feed(Array(text.utf8))
    #expect(connection.frames().last?.code == HTTP2ErrorCode.protocolError.rawValue)
  }

  @Test func `Something else than SETTINGS behind the preface ends the connection`() {
    let connection = ServedConnection(silent: ())
    connection.feed(Frame.preface + Frame.request(1))
    #expect(connection.frames().last?.code == HTTP2ErrorCode.protocolError.rawValue)
  }

  @Test func `PING is answered with what it held, and an answer is not`() {
    let connection = ServedConnection()
    connection.feed(Frame.make(Frame.ping, [1, 2, 3, 4, 5, 6, 7, 8]))
    connection.feed(Frame.make(Frame.ping, flags: 1, [9, 9, 9, 9, 9, 9, 9, 9]))
    let answer = SentFrame(
      type: Frame.ping, flags: 1, stream: 0, payload: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(connection.frames() == [answer])
  }

  @Test func `Content waits for a window of its size`() {
    let connection = ServedConnection()
    connection.feed(Frame.make(Frame.settings, Frame.setting(4, 1)) + Frame.request(1))
    let first = connection.frames().filter { $0.type == Frame.data }
    #expect(first.map { $0.payload.count } == [1] && first.first?.flags == 0)
    connection.feed(Frame.make(Frame.windowUpdate, stream: 1, Frame.word(1)))
    #expect(connection.frames().last?.flags == Frame.endStream)
  }

  @Test func `The last of several settings counts, and changes streams that are open`() {
    let connection = ServedConnection()
    connection.feed(Frame.make(Frame.settings, Frame.setting(4, 100) + Frame.setting(4, 0)))
    connection.feed(Frame.request(1))
    #expect(!connection.frames().contains { $0.type == Frame.data })
    connection.feed(Frame.make(Frame.settings, Frame.setting(4, 2)))
    #expect(connection.frames().contains { $0.type == Frame.data && $0.flags == 1 })
  }

  // H2-07.
  @Test func `A window may fall below zero and has to be filled up from there`() {
    let connection = ServedConnection()
    connection.feed(Frame.make(Frame.settings, Frame.setting(4, 1)) + Frame.request(1))
    connection.feed(Frame.make(Frame.settings, Frame.setting(4, 0)))
    _ = connection.frames()
    connection.feed(Frame.make(Frame.windowUpdate, stream: 1, Frame.word(1)))
    #expect(!connection.frames().contains { $0.type == Frame.data })
    connection.feed(Frame.make(Frame.windowUpdate, stream: 1, Frame.word(1)))
    #expect(connection.frames().contains { $0.type == Frame.data })
  }

  @Test func `Content that was used makes room for more`() {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, Frame.post, ends: false))
    let part = [UInt8](repeating: 7, count: 16_000)
    for _ in 0..<200 { connection.feed(Frame.make(Frame.data, stream: 1, part)) }
    #expect(connection.contentCount == 3_200_000)
    let updates = connection.frames().filter { $0.type == Frame.windowUpdate }
    #expect(updates.contains { $0.stream == 0 } && updates.contains { $0.stream == 1 })
  }

  @Test func `A stream whose content is whole may be ended after its answer`() {
    let connection = ServedConnection(answers: false)
    connection.feed(Frame.request(1, Frame.post + [("content-length", "1")], ends: false))
    connection.feed(Frame.make(Frame.data, stream: 1, [1]))
    connection.answer(0)
    #expect(!connection.frames().contains { $0.type == Frame.rstStream })
    #expect(connection.openCount == 1)
    connection.feed(Frame.make(Frame.data, flags: Frame.endStream, stream: 1))
    #expect(connection.openCount == 0 && !connection.isFailed)
  }

  @Test func `The rest of a request that was answered is dropped for a while, and then reset`() {
    let connection = ServedConnection(answers: false)
    connection.feed(Frame.request(1, Frame.post + [("content-length", "99999")], ends: false))
    connection.answer(0)
    let answer = connection.frames()
    #expect(answer.last?.type == Frame.data && answer.last?.flags == Frame.endStream)
    connection.feed(Frame.make(Frame.data, stream: 1, [UInt8](repeating: 7, count: 16_000)))
    #expect(connection.contentCount == 0 && connection.openCount == 1)
    connection.endLingering()
    #expect(connection.frames().isEmpty, "too early")
    connection.now = connection.now.adding(milliseconds: 1000)
    connection.endLingering()
    let reset = connection.frames()
    #expect(reset.map(\.type) == [Frame.rstStream] && reset[0].code == 0)
    connection.feed(Frame.make(Frame.data, stream: 1, [1]) + Frame.request(3))
    #expect(connection.heads.count == 2 && connection.openCount == 1 && !connection.isFailed)
  }

  @Test func `What lingers gives way to a new request`() {
    var limits = Limits()
    limits.streamsPerConnectionMax = 2  // H2-17
    let connection = ServedConnection(answers: false, limits: limits)
    for stream: UInt32 in [1, 3] {
      connection.feed(Frame.request(stream, Frame.post, ends: false))
    }
    connection.answer(1)
    _ = connection.frames()
    connection.feed(Frame.request(5))
    let sent = connection.frames()
    #expect(sent.map(\.type) == [Frame.rstStream] && sent[0].stream == 3 && sent[0].code == 0)
    connection.feed(Frame.request(7))
    #expect(connection.frames().map(\.code) == [HTTP2ErrorCode.refusedStream.rawValue])
  }

  @Test func `Content beyond the window ends the stream`() {
    let connection = ServedConnection(answers: false)
    connection.feed(Frame.request(1, Frame.post, ends: false))
    let part = [UInt8](repeating: 7, count: 16_000)
    // Padding alone is given back at once, so that content is what has to fill the window.
    for _ in 0..<3 { connection.feed(Frame.make(Frame.data, stream: 1, part)) }
    #expect(connection.reasons.isEmpty)
  }

  @Test func `A drain lets requests in until the client has read of it`() {
    let connection = ServedConnection()
    connection.drain()
    let goodbye = connection.frames()
    #expect(goodbye.map(\.type) == [Frame.goAway, Frame.ping])
    #expect(goodbye[0].payload.prefix(4) == [0x7F, 0xFF, 0xFF, 0xFF])
    connection.feed(Frame.request(1))
    #expect(connection.heads.count == 1)
    connection.feed(Frame.make(Frame.ping, flags: 1, goodbye[1].payload))
    #expect(connection.reasons == ["leaves"])
    connection.feed(Frame.request(3))
    #expect(connection.heads.count == 1)
    #expect(
      connection.frames().last { $0.type == Frame.goAway }?.payload.prefix(4) == [0, 0, 0, 1])
  }

  @Test func `Trailers are read, and those that decide something are refused`() {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, Frame.post, ends: false))
    connection.feed(Frame.request(1, [("grpc-status", "0")]))
    #expect(connection.trailers == ["grpc-status"])
    connection.feed(Frame.request(3, Frame.post, ends: false))
    connection.feed(Frame.request(3, [("authorization", "x")]))
    #expect(connection.reasons == ["field that may not be a trailer"])
  }
}
