@testable import Wire

/// The cases of RFC 9113 and RFC 7541: what is sent behind the preface, and what it comes to.
enum FrameCases {
  static let all: [FrameCaseTests.Case] = frames + blocks

  private static let frames: [FrameCaseTests.Case] = [
    FrameCaseTests.Case(
      name: "PRIORITY on an idle stream, then a request",
      bytes: Frame.make(Frame.priority, stream: 1, [0, 0, 0, 3, 16]) + Frame.request(1),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE on a half-closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.windowUpdate, stream: 1, Frame.word(10)),
      outcome: .goesOn, holds: true),
    FrameCaseTests.Case(
      name: "PRIORITY on a half-closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.priority, stream: 1, [0, 0, 0, 3, 16]),
      outcome: .goesOn, holds: true),
    FrameCaseTests.Case(
      name: "RST_STREAM on a half-closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.rstStream, stream: 1, Frame.word(8)),
      outcome: .goesOn, holds: true),
    FrameCaseTests.Case(
      name: "PRIORITY on a closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.priority, stream: 1, [0, 0, 0, 3, 16]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "one DATA frame",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.data, flags: Frame.endStream, stream: 1, [1]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "several DATA frames",
      bytes: Frame.request(1, Frame.post, ends: false) + Frame.make(Frame.data, stream: 1, [1])
        + Frame.make(Frame.data, flags: Frame.endStream, stream: 1, [1]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "DATA with padding",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.data, flags: Frame.endStream | Frame.padded, stream: 1, [2, 1, 0, 0]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HEADERS with padding",
      bytes: Frame.make(
        Frame.headers, flags: Frame.endHeaders | Frame.endStream | Frame.padded, stream: 1,
        [3] + Frame.block(Frame.get) + [0, 0, 0]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HEADERS with a priority",
      bytes: Frame.make(
        Frame.headers, flags: Frame.endHeaders | Frame.endStream | 0x20, stream: 1,
        [0, 0, 0, 0, 9] + Frame.block(Frame.get)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HEADERS that depend on themselves",
      bytes: Frame.make(
        Frame.headers, flags: Frame.endHeaders | Frame.endStream | 0x20, stream: 1,
        [0, 0, 0, 1, 9] + Frame.block(Frame.get)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "PRIORITY that depends on itself",
      bytes: Frame.make(Frame.priority, stream: 1, [0, 0, 0, 1, 9]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "PRIORITY on a higher idle stream",
      bytes: Frame.make(Frame.priority, stream: 51, [0, 0, 0, 3, 16]) + Frame.request(1),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "RST_STREAM on an open stream",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, Frame.word(8)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "PING",
      bytes: Frame.make(Frame.ping, [1, 2, 3, 4, 5, 6, 7, 8]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "GOAWAY from the client",
      bytes: Frame.make(Frame.goAway, Frame.word(0) + Frame.word(0)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE on the connection",
      bytes: Frame.make(Frame.windowUpdate, Frame.word(100)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE on a stream",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.windowUpdate, stream: 1, Frame.word(100)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "CONTINUATION",
      bytes: Frame.make(
        Frame.headers, flags: Frame.endStream, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(
          Frame.continuation, flags: Frame.endHeaders, stream: 1,
          Array(Frame.block(Frame.get)[20...])),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "several CONTINUATION",
      bytes: Frame.make(
        Frame.headers, flags: Frame.endStream, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(Frame.continuation, stream: 1)
        + Frame.make(
          Frame.continuation, flags: Frame.endHeaders, stream: 1,
          Array(Frame.block(Frame.get)[20...])),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "POST with trailers",
      bytes: Frame.request(1, Frame.post, ends: false) + Frame.make(Frame.data, stream: 1, [1])
        + Frame.request(1, [("x-checksum", "1")]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "unknown frame type",
      bytes: Frame.make(0xEE, flags: 3, [1, 2, 3]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "undefined flags",
      bytes: Frame.make(Frame.ping, flags: 0xFE, [0, 0, 0, 0, 0, 0, 0, 0]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "reserved bit",
      bytes: Frame.make(Frame.ping, stream: 0x8000_0000, [0, 0, 0, 0, 0, 0, 0, 0]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "DATA of 16384 bytes",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(
          Frame.data, flags: Frame.endStream, stream: 1, [UInt8](repeating: 0, count: 16_384)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "DATA over the frame size",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(
          Frame.data, flags: Frame.endStream, stream: 1, [UInt8](repeating: 0, count: 16_385)),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "HEADERS over the frame size",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, [UInt8](repeating: 0, count: 16_385)),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "invalid header block",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, [0x40]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "PRIORITY inside a header block",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(Frame.priority, stream: 1, [0, 0, 0, 0, 1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "HEADERS of another stream inside a header block",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.request(3),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA on an idle stream",
      bytes: Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "RST_STREAM on an idle stream",
      bytes: Frame.make(Frame.rstStream, stream: 1, Frame.word(8)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE on an idle stream",
      bytes: Frame.make(Frame.windowUpdate, stream: 1, Frame.word(8)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "CONTINUATION on an idle stream",
      bytes: Frame.make(Frame.continuation, flags: 4, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA on a half-closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .stream(.streamClosed), holds: true),
    FrameCaseTests.Case(
      name: "HEADERS on a half-closed stream",
      bytes: Frame.request(1) + Frame.request(1),
      outcome: .connection(.streamClosed), holds: true),
    FrameCaseTests.Case(
      name: "CONTINUATION on a half-closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.continuation, flags: 4, stream: 1),
      outcome: .connection(.protocolError), holds: true),
    FrameCaseTests.Case(
      name: "DATA on a stream that the client reset",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, Frame.word(8))
        + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .connection(.streamClosed)),
    FrameCaseTests.Case(
      name: "HEADERS on a stream that the client reset",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, Frame.word(8)) + Frame.request(1),
      outcome: .connection(.streamClosed)),
    FrameCaseTests.Case(
      name: "CONTINUATION on a stream that the client reset",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, Frame.word(8))
        + Frame.make(Frame.continuation, flags: 4, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA on a closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .connection(.streamClosed)),
    FrameCaseTests.Case(
      name: "HEADERS on a closed stream",
      bytes: Frame.request(1) + Frame.request(1),
      outcome: .connection(.streamClosed)),
    FrameCaseTests.Case(
      name: "CONTINUATION on a closed stream",
      bytes: Frame.request(1) + Frame.make(Frame.continuation, flags: 4, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "even stream",
      bytes: Frame.request(2),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "stream number lower than before",
      bytes: Frame.request(5) + Frame.request(3),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "more streams than allowed",
      bytes: (0..<101).flatMap { Frame.request(UInt32(2 * $0 + 1)) },
      outcome: .stream(.refusedStream), holds: true),
    FrameCaseTests.Case(
      name: "unknown frame inside a header block",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(0xEE),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA on stream 0",
      bytes: Frame.make(Frame.data, flags: 1, [1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA with a pad length that is too large",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.data, flags: 9, stream: 1, [5, 1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "DATA with padding and no payload",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.data, flags: 9, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "HEADERS on stream 0",
      bytes: Frame.request(0),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "HEADERS with a pad length that is too large",
      bytes: Frame.make(Frame.headers, flags: 13, stream: 1, [200] + Frame.block(Frame.get)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "HEADERS too short for a priority",
      bytes: Frame.make(Frame.headers, flags: 0x25, stream: 1, [0, 0]),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "PRIORITY on stream 0",
      bytes: Frame.make(Frame.priority, [0, 0, 0, 0, 1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "PRIORITY of 4 bytes",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.priority, stream: 1, [0, 0, 0, 0]),
      outcome: .stream(.frameSizeError)),
    FrameCaseTests.Case(
      name: "RST_STREAM on stream 0",
      bytes: Frame.make(Frame.rstStream, Frame.word(8)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "RST_STREAM of 3 bytes",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, [0, 0, 0]),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "SETTINGS acknowledgement with settings",
      bytes: Frame.make(Frame.settings, flags: 1, Frame.setting(3, 1)),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "SETTINGS on a stream",
      bytes: Frame.make(Frame.settings, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "SETTINGS of 3 bytes",
      bytes: Frame.make(Frame.settings, [0, 0, 0]),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "ENABLE_PUSH of 2",
      bytes: Frame.make(Frame.settings, Frame.setting(2, 2)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "INITIAL_WINDOW_SIZE too large",
      bytes: Frame.make(Frame.settings, Frame.setting(4, 0x8000_0000)),
      outcome: .connection(.flowControlError)),
    FrameCaseTests.Case(
      name: "MAX_FRAME_SIZE too small",
      bytes: Frame.make(Frame.settings, Frame.setting(5, 16_383)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "MAX_FRAME_SIZE too large",
      bytes: Frame.make(Frame.settings, Frame.setting(5, 16_777_216)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "unknown setting",
      bytes: Frame.make(Frame.settings, Frame.setting(99, 1)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "PING on a stream",
      bytes: Frame.make(Frame.ping, stream: 3, [0, 0, 0, 0, 0, 0, 0, 0]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "PING of 6 bytes",
      bytes: Frame.make(Frame.ping, [0, 0, 0, 0, 0, 0]),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "GOAWAY on a stream",
      bytes: Frame.make(Frame.goAway, stream: 1, Frame.word(0) + Frame.word(0)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "GOAWAY too short",
      bytes: Frame.make(Frame.goAway, Frame.word(0)),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "GOAWAY with an unknown code",
      bytes: Frame.make(Frame.goAway, Frame.word(0) + Frame.word(0xFF)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "RST_STREAM with an unknown code",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.rstStream, stream: 1, Frame.word(0xFF)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE of 0 on the connection",
      bytes: Frame.make(Frame.windowUpdate, Frame.word(0)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE of 0 on a stream",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.windowUpdate, stream: 1, Frame.word(0)),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "WINDOW_UPDATE of 3 bytes",
      bytes: Frame.make(Frame.windowUpdate, [0, 0, 1]),
      outcome: .connection(.frameSizeError)),
    FrameCaseTests.Case(
      name: "connection window too large",
      bytes: Frame.make(Frame.windowUpdate, Frame.word(0x7FFF_FFFF)),
      outcome: .connection(.flowControlError)),
    FrameCaseTests.Case(
      name: "stream window too large",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.windowUpdate, stream: 1, Frame.word(0x7FFF_FFFF)),
      outcome: .stream(.flowControlError)),
    FrameCaseTests.Case(
      name: "SETTINGS that make a window too large",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.windowUpdate, stream: 1, Frame.word(0x7FFF_0000))
        + Frame.make(Frame.settings, Frame.setting(4, 0x7FFF_FFFF)),
      outcome: .connection(.flowControlError)),
    FrameCaseTests.Case(
      name: "CONTINUATION behind DATA",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "CONTINUATION on stream 0",
      bytes: Frame.make(Frame.headers, flags: 1, stream: 1, Array(Frame.block(Frame.get)[..<20]))
        + Frame.make(Frame.continuation, flags: 4, Array(Frame.block(Frame.get)[20...])),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "CONTINUATION behind END_HEADERS",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.make(Frame.continuation, flags: 4, stream: 1),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "second HEADERS without END_STREAM",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.request(1, [("x-a", "1")], ends: false),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "pseudo-header in the trailers",
      bytes: Frame.request(1, Frame.post, ends: false) + Frame.request(1, [(":method", "GET")]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "field that may not be a trailer",
      bytes: Frame.request(1, Frame.post, ends: false)
        + Frame.request(1, [("content-length", "1")]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "content-length less than DATA",
      bytes: Frame.request(1, Frame.post + [("content-length", "1")], ends: false)
        + Frame.make(Frame.data, flags: 1, stream: 1, [1, 2]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "content-length less than several DATA",
      bytes: Frame.request(1, Frame.post + [("content-length", "1")], ends: false)
        + Frame.make(Frame.data, stream: 1, [1]) + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "content-length more than DATA",
      bytes: Frame.request(1, Frame.post + [("content-length", "3")], ends: false)
        + Frame.make(Frame.data, flags: 1, stream: 1, [1]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "content-length more than DATA with trailers",
      bytes: Frame.request(1, Frame.post + [("content-length", "3")], ends: false)
        + Frame.make(Frame.data, stream: 1, [1]) + Frame.request(1, [("x-a", "1")]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "content-length without DATA",
      bytes: Frame.request(1, Frame.post + [("content-length", "3")]),
      outcome: .stream(.protocolError)),
    FrameCaseTests.Case(
      name: "PUSH_PROMISE from a client",
      bytes: Frame.make(
        Frame.pushPromise, flags: 4, stream: 1, Frame.word(2) + Frame.block(Frame.get)),
      outcome: .connection(.protocolError)),
    FrameCaseTests.Case(
      name: "more content than the stream's window",
      bytes: Frame.request(1, Frame.post, ends: false)
        + (0..<4).flatMap { _ in
          Frame.make(Frame.data, stream: 1, [UInt8](repeating: 0, count: 16_384))
        },
      outcome: .goesOn),
  ]

  private static let blocks: [FrameCaseTests.Case] = [
    FrameCaseTests.Case(
      name: "HPACK: index 0",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0x80]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: index of no field",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0xC8]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: literal with an index of no name",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0x7F, 0x7F, 1, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: integer of more than 32 bits",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        Frame.block(Frame.get) + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: string longer than the block",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0x00, 0x7E, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: block that ends inside a field",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0x00, 1, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: Huffman padding of more than 7 bits",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        Frame.block(Frame.get) + [0x00, 0x84, 0xF2, 0xB0, 0xE3, 0xFF, 1, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: Huffman padding of zeros",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        Frame.block(Frame.get) + [0x00, 0x84, 0xF2, 0xB2, 0x4A, 0x80, 1, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: Huffman end of string",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        Frame.block(Frame.get) + [0x00, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0x61]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: table size over the setting",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, [0x3F, 0xE2, 0x1F] + Frame.block(Frame.get)),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: table size update at the end",
      bytes: Frame.make(Frame.headers, flags: 5, stream: 1, Frame.block(Frame.get) + [0x20]),
      outcome: .connection(.compressionError)),
    FrameCaseTests.Case(
      name: "HPACK: two table size updates first",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, [0x20, 0x3F, 0x81, 0x1F] + Frame.block(Frame.get)),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HPACK: indexed field",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1, [0x82, 0x86, 0x84, 0x41] + Frame.text("api.test")),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HPACK: name by index, added",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        [0x82, 0x86, 0x84, 0x41] + Frame.text("api.test") + [0x7A] + Frame.text("a") + [0xBE]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HPACK: new name, added",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        [0x82, 0x86, 0x84, 0x41] + Frame.text("api.test") + [0x40] + Frame.text("x-a")
          + Frame.text("b") + [0xBE]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HPACK: Huffman",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        [
          0x82, 0x86, 0x84, 0x41, 0x8C, 0xF1, 0xE3, 0xC2, 0xE5, 0xF2, 0x3A, 0x6B, 0xA0, 0xAB, 0x90,
          0xF4, 0xFF,
        ]),
      outcome: .goesOn),
    FrameCaseTests.Case(
      name: "HPACK: never added",
      bytes: Frame.make(
        Frame.headers, flags: 5, stream: 1,
        [0x82, 0x86, 0x84, 0x11] + Frame.text("api.test") + [0x10] + Frame.text("x-a")
          + Frame.text("b")),
      outcome: .goesOn),
  ]
}
