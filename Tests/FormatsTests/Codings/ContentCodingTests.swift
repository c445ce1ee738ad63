import Base
import Testing

@testable import Formats

/// Contents into their codings and out again, and what is refused on the way.
@Suite struct ContentCodingTests {
  private static let text = Array(
    (0..<4000).map { "{\"number\":\($0),\"name\":\"item \($0 % 97)\"}" }.joined(separator: ",").utf8
  )

  private static func encoded(
    _ content: [UInt8], _ coding: ContentCoding, level: Int? = nil, pieces: Int = 1000
  ) throws -> [UInt8] {
    let encoder = try #require(
      ContentEncoder(coding, level: level ?? coding.levels.lowerBound))
    return try encoded(content, encoder, pieces: pieces)
  }

  private static func encoded(
    _ content: [UInt8], _ encoder: ContentEncoder, pieces: Int = 1000
  ) throws -> [UInt8] {
    var output = ByteBuffer()
    var at = 0
    while at < content.count {
      let end = min(content.count, at + pieces)
      #expect(encoder.encode(content.span.extracting(at..<end), .proceed, into: &output))
      at = end
    }
    #expect(encoder.encode(Span(), .finish, into: &output))
    return Array(output.storage.prefix(output.count))
  }

  private static func decoded(
    _ bytes: [UInt8], _ coding: ContentCoding, bytesMax: Int = 1 << 24, ratioMax: Int = 1000
  ) -> Result<[UInt8], ContentDecoder.Failure> {
    do throws(ContentDecoder.Failure) {
      return .success(
        try ContentDecoder.decode(bytes.span, coding, bytesMax: bytesMax, ratioMax: ratioMax))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: ContentCoding.allCases)
  func `What is encoded is decoded, at every level and in pieces of any size`(
    coding: ContentCoding
  ) throws {
    for level in coding.levels {
      let bytes = try Self.encoded(Self.text, coding, level: level)
      #expect(bytes.count < Self.text.count / 3)
      #expect(try Self.decoded(bytes, coding).get() == Self.text)
    }
    for pieces in [1, 7, 4096, 1 << 20] {
      let bytes = try Self.encoded(Self.text, coding, pieces: pieces)
      #expect(try Self.decoded(bytes, coding).get() == Self.text)
    }
    let nothing = try Self.encoded([], coding)
    #expect(try Self.decoded(nothing, coding).get() == [])
  }

  @Test(arguments: ContentCoding.allCases)
  func `An encoder serves again, also after content that was not finished`(
    coding: ContentCoding
  ) throws {
    let encoder = try #require(ContentEncoder(coding, level: 4))
    var lost = ByteBuffer()
    #expect(encoder.encode(Self.text.span, .flush, into: &lost))
    for _ in 0..<3 {
      #expect(encoder.reset())
      let bytes = try Self.encoded(Self.text, encoder)
      #expect(try Self.decoded(bytes, coding).get() == Self.text)
    }
  }

  @Test(arguments: ContentCoding.allCases)
  func `What is flushed comes out at once, and nothing comes of nothing`(
    coding: ContentCoding
  ) throws {
    let encoder = try #require(ContentEncoder(coding, level: 4))
    var output = ByteBuffer()
    var counts: [Int] = []
    for event in 0..<3 {
      #expect(encoder.encode(Array("data: \(event)\n\n".utf8).span, .proceed, into: &output))
      let before = output.count
      #expect(encoder.encode(Span(), .flush, into: &output))
      #expect(output.count > before)
      counts.append(output.count)
    }
    #expect(encoder.encode(Span(), .finish, into: &output))
    let bytes = Array(output.storage.prefix(output.count))
    #expect(
      try Self.decoded(bytes, coding).get() == Array("data: 0\n\ndata: 1\n\ndata: 2\n\n".utf8))
  }

  // DOS-07.
  @Test(arguments: ContentCoding.allCases)
  func `A bomb ends at the ratio, and at the length`(coding: ContentCoding) throws {
    let bomb = try Self.encoded(
      [UInt8](repeating: 0x20, count: 8 << 20), coding, level: 5, pieces: 1 << 20)
    #expect(bomb.count < 64 * 1024)
    #expect(Self.decoded(bomb, coding, ratioMax: 20) == .failure(.tooLarge))
    #expect(
      Self.decoded(bomb, coding, bytesMax: 8 << 20, ratioMax: 1 << 30).map(\.count)
        == .success(8 << 20))
    #expect(
      Self.decoded(bomb, coding, bytesMax: (8 << 20) - 1, ratioMax: 1 << 30)
        == .failure(.tooLarge))
    // What is short is none, whatever its ratio.
    let short = try Self.encoded([UInt8](repeating: 0x20, count: ContentDecoder.freeBytes), coding)
    #expect(Self.decoded(short, coding, ratioMax: 2).map(\.count) == .success(64 * 1024))
    let over = try Self.encoded(
      [UInt8](repeating: 0x20, count: ContentDecoder.freeBytes + 1), coding)
    #expect(Self.decoded(over, coding, ratioMax: 2) == .failure(.tooLarge))
  }

  @Test(arguments: ContentCoding.allCases)
  func `What is cut, changed or followed by something is damaged`(coding: ContentCoding) throws {
    let bytes = try Self.encoded(Self.text, coding)
    #expect(Self.decoded([], coding) == .failure(.damaged))
    for cut in [1, 2, bytes.count / 2, bytes.count - 1] {
      #expect(Self.decoded(Array(bytes.prefix(cut)), coding) == .failure(.damaged))
    }
    #expect(Self.decoded(bytes + [0], coding) == .failure(.damaged))
    #expect(Self.decoded(Array("{\"a\":1}".utf8), coding) == .failure(.damaged))
    // Whatever one wrong byte does, it is no crash, and what has a checksum is found out.
    for place in stride(from: 0, to: bytes.count, by: 97) {
      var changed = bytes
      changed[place] ^= 0x55
      let outcome = Self.decoded(changed, coding)
      if coding == .gzip || coding == .deflate, place > 12 {
        #expect(outcome == .failure(.damaged))
      }
    }
  }

  @Test func `Members behind one another are one content, where the coding has members`() throws {
    for coding in [ContentCoding.gzip, .zstd] {
      let (first, second) = (
        try Self.encoded(Array("one ".utf8), coding), try Self.encoded(Array("two".utf8), coding)
      )
      #expect(try Self.decoded(first + second, coding).get() == Array("one two".utf8))
      #expect(Self.decoded(first + second.dropLast(), coding) == .failure(.damaged))
    }
    for coding in [ContentCoding.br, .deflate] {
      let one = try Self.encoded(Array("one".utf8), coding)
      #expect(Self.decoded(one + one, coding) == .failure(.damaged))
    }
  }

  @Test func `A window of Zstandard over eight mebibytes is refused`() throws {
    // RFC 8878 §3.1.1: magic number, no flags, the window, and an empty last block.
    func frame(_ window: UInt8) -> [UInt8] { [0x28, 0xB5, 0x2F, 0xFD, 0, window, 1, 0, 0] }
    #expect(try Self.decoded(frame(13 << 3), .zstd).get() == [])
    #expect(Self.decoded(frame(14 << 3), .zstd) == .failure(.damaged))
    #expect(Self.decoded(frame(17 << 3), .zstd) == .failure(.damaged))
  }

  @Test func `A coding is known by its token, in whatever case`() {
    #expect(ContentCoding("GZip".utf8.span) == .gzip)
    #expect(ContentCoding("x-gzip".utf8.span) == .gzip)
    #expect(ContentCoding("br".utf8.span) == .br)
    for text in ["", "gz", "compress", "identity", "gzip, br", "gzip "] {
      #expect(ContentCoding(text.utf8.span) == nil)
    }
  }
}
