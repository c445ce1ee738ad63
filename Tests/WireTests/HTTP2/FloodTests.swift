import Base
import Testing

@testable import Wire

/// What costs the server more than the client ends, soon, with ENHANCE_YOUR_CALM.
@Suite struct FloodTests {
  static let calm = HTTP2ErrorCode.enhanceYourCalm.rawValue

  static let floods: [(String, [UInt8])] = [
    ("PING", Frame.make(Frame.ping, [1, 2, 3, 4, 5, 6, 7, 8])),
    ("SETTINGS", Frame.make(Frame.settings)),
    ("SETTINGS of many", Frame.make(Frame.settings, [UInt8](repeating: 0x55, count: 6 * 600))),
    ("acknowledgements", Frame.make(Frame.settings, flags: 1)),
    ("PRIORITY", Frame.make(Frame.priority, stream: 5, [0, 0, 0, 3, 1])),
    ("WINDOW_UPDATE", Frame.make(Frame.windowUpdate, Frame.word(1))),
    ("unknown frames", Frame.make(0xEE, [1])),
    ("GOAWAY", Frame.make(Frame.goAway, Frame.word(0) + Frame.word(0))),
  ]

  // H2-06.
  @Test(arguments: floods) func `Frames that bring nothing forward end the connection`(
    _ name: String, _ frame: [UInt8]
  ) {
    let connection = ServedConnection()
    var sent = 0
    while !connection.isFailed, sent < 5_000 {
      connection.feed(frame)
      sent += 1
    }
    #expect(connection.isFailed, "\(name)")
    #expect(connection.frames().last?.code == Self.calm)
  }

  // H2-06.
  @Test func `Empty DATA frames end the connection`() {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, Frame.post, ends: false))
    for _ in 0..<1_000 { connection.feed(Frame.make(Frame.data, stream: 1)) }
    for _ in 0..<1_000 {
      connection.feed(Frame.make(Frame.data, flags: Frame.padded, stream: 1, [3, 0, 0, 0]))
    }
    #expect(connection.frames().last?.code == Self.calm)
  }

  // H2-01.
  @Test func `Streams that the client resets end the connection when they are many`() {
    let connection = ServedConnection(answers: false)
    var stream: UInt32 = 1
    while !connection.isFailed, stream < 2_000 {
      connection.feed(
        Frame.request(stream) + Frame.make(Frame.rstStream, stream: stream, Frame.word(8)))
      stream += 2
    }
    #expect(connection.frames().last?.code == Self.calm)
    #expect(connection.heads.count < 250)
  }

  // H2-02.
  @Test func `Streams that the server is made to reset count as well`() {
    let connection = ServedConnection(answers: false)
    var stream: UInt32 = 1
    while !connection.isFailed, stream < 2_000 {
      connection.feed(
        Frame.request(stream) + Frame.make(Frame.windowUpdate, stream: stream, Frame.word(0)))
      stream += 2
    }
    #expect(connection.frames().last?.code == Self.calm)
    #expect(connection.heads.count < 250)
  }

  @Test func `A second later some resets are allowed again`() {
    let connection = ServedConnection(answers: false)
    for stream in 0..<300 {
      if stream % 15 == 0 {
        connection.now = connection.now.adding(milliseconds: 1_000)
      }
      let id = UInt32(2 * stream + 1)
      connection.feed(Frame.request(id) + Frame.make(Frame.rstStream, stream: id, Frame.word(8)))
    }
    #expect(!connection.isFailed)
  }

  // H2-03.
  @Test func `A header block without end is bounded by frames and by bytes`() {
    let block = [UInt8](Frame.block(Frame.get)[..<20])
    let small = ServedConnection()
    small.feed(Frame.make(Frame.headers, flags: 1, stream: 1, block))
    for _ in 0..<200 {
      small.feed(Frame.make(Frame.continuation, stream: 1, Frame.field("x", "y")))
    }
    #expect(small.frames().last?.code == Self.calm)
    let large = ServedConnection()
    large.feed(Frame.make(Frame.headers, flags: 1, stream: 1, block))
    let filler = [UInt8](repeating: 0, count: 16_000)
    for _ in 0..<5 { large.feed(Frame.make(Frame.continuation, stream: 1, filler)) }
    #expect(large.frames().last?.code == Self.calm)
  }

  // H2-04.
  @Test func `A block that stands for more than it holds is refused, and kept from growing`() {
    let connection = ServedConnection()
    let long = String(repeating: "v", count: 120)
    connection.feed(
      Frame.make(
        Frame.headers, flags: 5, stream: 1,
        Frame.block(Frame.get) + [0x40] + Frame.text("x") + Frame.text(long)))
    #expect(connection.heads.count == 1)
    let references = [UInt8](repeating: 0xBE, count: 10_000)
    connection.feed(
      Frame.make(Frame.headers, flags: 5, stream: 3, Frame.block(Frame.get) + references))
    #expect(connection.heads.count == 1)
    #expect(connection.reasons == ["too many fields"])
    #expect(!connection.isFailed)
  }

  // H2-04.
  @Test func `Cookies are counted one by one`() {
    let connection = ServedConnection()
    let crumbs = (0..<200).map { _ in ("cookie", "a") }
    connection.feed(Frame.request(1, Frame.get + crumbs))
    #expect(connection.heads.isEmpty)
    #expect(connection.reasons == ["too many fields"])
  }

  @Test func `What requests and content earn is not spent by ordinary clients`() {
    let connection = ServedConnection()
    for index in 0..<5_000 {
      let stream = UInt32(2 * index + 1)
      connection.feed(Frame.request(stream, Frame.post, ends: false))
      connection.feed(Frame.make(Frame.data, flags: 1, stream: stream, [1]))
      connection.feed(Frame.make(Frame.windowUpdate, Frame.word(2)))
      connection.feed(Frame.make(Frame.windowUpdate, stream: stream, Frame.word(2)))
    }
    #expect(!connection.isFailed, "\(connection.reasons)")
  }
}
