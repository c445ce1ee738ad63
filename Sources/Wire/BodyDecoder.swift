public import Base
public import HTTP

/// Tells content from framing in the bytes behind a head (RFC 9112 §6 and §7).
///
/// Content is never copied: it is announced where it lies, and the caller takes it from there.
public struct BodyDecoder: Sendable {
  private enum Phase { case chunkLine, chunkEnd, chunkLineFeed, trailers, content, untilClose, end }

  private let extensionBytesMax: UInt32
  private let trailerBytesMax: UInt32
  private let trailerCountMax: UInt32
  private let isRequest: Bool
  private var phase = Phase.end
  private var isChunked = false
  private var isClosed = false
  private var remaining = 0
  private var line = ChunkLine()
  private var scanner = LineScanner()
  private var trailerBytes = 0
  private var trailerCount = 0

  /// The trailers that may be passed on (RFC 9110 §6.5.1), complete when the body is over.
  public private(set) var trailers = Fields()

  /// A decoder for the bodies of one side; trailers that are not allowed are refused in requests
  /// and dropped in responses.
  public init(limits: Limits, isRequest: Bool = true) {
    extensionBytesMax = UInt32(clamping: limits.chunkExtensionBytesMax)
    trailerBytesMax = UInt32(clamping: limits.trailerBytesMax)
    trailerCountMax = UInt32(clamping: limits.trailerCountMax)
    self.isRequest = isRequest
  }

  /// Says that a body which goes on until it is told to end has no more than what is there, and
  /// these trailers.
  public mutating func close(trailers: Fields) {
    if phase != .untilClose { return }
    isClosed = true
    self.trailers = trailers
  }

  /// Whether the body is over.
  public var isFinished: Bool { phase == .end }

  /// Starts a body.
  public mutating func begin(_ framing: BodyFraming) {
    trailers.clear()
    trailerBytes = 0
    trailerCount = 0
    remaining = 0
    line = ChunkLine()
    scanner.reset()
    isClosed = false
    isChunked = framing == .chunked
    switch framing {
    case .none: phase = .end
    case .length(let length):
      remaining = length
      phase = length > 0 ? .content : .end
    case .chunked: phase = .chunkLine
    case .untilClose: phase = .untilClose
    }
  }

  /// Takes framing away from the front of `input` and says what stands there then.
  public mutating func next(_ input: inout ByteBuffer) -> BodyPiece {
    var used = 0
    let piece = read(input.readable, used: &used)
    input.consume(used)
    return piece
  }

  /// Takes `count` bytes of content, at most as many as were announced, from the front.
  public mutating func took(_ count: Int, from input: inout ByteBuffer) {
    input.consume(count)
    if phase == .untilClose { return }
    precondition(phase == .content && count <= remaining, "more content taken than announced")
    remaining -= count
    if remaining == 0 { phase = isChunked ? .chunkEnd : .end }
  }

  /// Bytes of content until the next framing, if its length is known and it has begun; else 0.
  public var contentRemaining: Int { phase == .content ? remaining : 0 }

  /// Notes that `count` bytes of content went another way than through an input.
  public mutating func skipped(_ count: Int) {
    precondition(phase == .content && count <= remaining, "more content skipped than announced")
    remaining -= count
    if remaining == 0 { phase = isChunked ? .chunkEnd : .end }
  }

  private mutating func read(_ bytes: Span<UInt8>, used: inout Int) -> BodyPiece {
    while true {
      switch phase {
      case .end: return .end
      case .content, .untilClose:
        let count = bytes.count - used
        if count == 0 {
          if !isClosed { return .needMore }
          phase = .end
          continue
        }
        return .content(phase == .content ? min(count, remaining) : count)
      case .trailers:
        if let piece = readTrailer(bytes, used: &used) { return piece }
      case .chunkLine, .chunkEnd, .chunkLineFeed:
        if used == bytes.count { return .needMore }
        let byte = bytes[used]
        used += 1
        if let reason = take(byte) { return refuse(reason) }
      }
    }
  }

  /// Takes one byte of framing between chunks.
  private mutating func take(_ byte: UInt8) -> StaticString? {
    switch phase {
    case .chunkEnd:
      if byte != 0x0D { return "chunk without CR LF behind it" }
      phase = .chunkLineFeed
    case .chunkLineFeed:
      if byte != 0x0A { return "chunk without CR LF behind it" }
      line.next()
      phase = .chunkLine
    default:
      switch line.take(byte, extensionBytesMax: Int(extensionBytesMax)) {
      case .more: break
      case .malformed(let reason): return reason
      case .end:
        remaining = line.size
        phase = remaining > 0 ? .content : .trailers
      }
    }
    return nil
  }

  private mutating func readTrailer(_ bytes: Span<UInt8>, used: inout Int) -> BodyPiece? {
    let rest = bytes.extracting(used..<bytes.count)
    // The empty line that ends the section is not part of what the limit counts.
    let room = max(0, Int(trailerBytesMax) - trailerBytes - 2)
    switch scanner.find(in: rest, most: room) {
    case .incomplete: return .needMore
    case .tooLong: return refuse("trailers too large", .headerTooLarge)
    case .malformed(let reason): return refuse(reason)
    case .line(let count):
      used += count + 2
      if count == 0 {
        phase = .end
        return .end
      }
      trailerBytes += count + 2
      trailerCount += 1
      if trailerCount > trailerCountMax {
        return refuse("too many trailers", .headerTooLarge)
      }
      return keep(rest.extracting(0..<count))
    }
  }

  private mutating func keep(_ line: Span<UInt8>) -> BodyPiece? {
    if let reason = FieldReader.read(
      line, into: &trailers, underscore: isRequest ? .refused : .kept)
    {
      return refuse(reason)
    }
    let last = trailers.lines.count - 1
    if TrailerRule.allows(trailers.lines[last], in: trailers) { return nil }
    if isRequest { return refuse("field that may not be a trailer") }
    trailers.lines.removeLast()
    return nil
  }

  private func refuse(_ reason: StaticString, _ problem: Problem = .malformedRequest) -> BodyPiece {
    .refused(isRequest ? problem : .badGateway, reason)
  }
}
