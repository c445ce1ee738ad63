public import Base
public import HTTP

/// Reads the head of an HTTP/1.1 response of an upstream (RFC 9112 §4 and §5).
///
/// All refusals are `badGateway`: the fault is the upstream's.
public struct ResponseParser: Sendable {
  private let limits: HeadLimits
  private var scanner = LineScanner()
  private var headBytes = 0
  private var hasStatus = false
  private var isVersion10 = false
  private var facts = FieldFacts()
  private var endsByClose = false

  /// A parser for the first response of a connection.
  public init(limits: Limits) { self.limits = HeadLimits(response: limits) }

  private init(limits: HeadLimits) { self.limits = limits }

  /// Whether the connection may carry another exchange, after `complete` (RFC 9112 §9.3).
  public var keepsAlive: Bool {
    !endsByClose && !facts.closes && (!isVersion10 || facts.keepsAlive)
  }

  /// Makes the parser ready for the next response, interim ones included.
  public mutating func reset() { self = ResponseParser(limits: limits) }

  /// Reads as many lines as are there, takes them from `input` and adds them to `head`, which the
  /// caller has cleared before the first call for a response to `method`. Only if it `maySwitch`
  /// is `101` a response, that begins a WebSocket.
  public mutating func parse(
    _ input: inout ByteBuffer, into head: inout ResponseHead, method: Method,
    maySwitch: Bool = false
  ) -> ParseOutcome {
    var used = 0
    let outcome = read(input.readable, used: &used, into: &head, method: method)
    if case .complete = outcome, head.status == 101 {
      guard maySwitch, facts.upgrades, WebSocketHandshake.isNamed(in: head.fields) else {
        return .refused(.badGateway, "switch of protocols that nobody asked for")
      }
      head.framing = .untilClose
      endsByClose = true
    }
    input.consume(used)
    return outcome
  }

  private mutating func read(
    _ bytes: Span<UInt8>, used: inout Int, into head: inout ResponseHead, method: Method
  ) -> ParseOutcome {
    while true {
      let rest = bytes.extracting(used..<bytes.count)
      switch scanner.find(in: rest, most: limits.headBytesMax - headBytes - 2) {
      case .incomplete: return .incomplete
      case .tooLong: return .refused(.badGateway, "response head too large")
      case .malformed(let reason): return .refused(.badGateway, reason)
      case .line(let count):
        used += count + 2
        headBytes += count + 2
        if hasStatus, count == 0 { return finish(&head, method: method) }
        if let reason = take(rest.extracting(0..<count), into: &head) {
          return .refused(.badGateway, reason)
        }
      }
    }
  }

  private mutating func take(
    _ line: Span<UInt8>, into head: inout ResponseHead
  ) -> StaticString? {
    if !hasStatus {
      hasStatus = true
      return status(line, into: &head)
    }
    if head.fields.lines.count >= limits.fieldCountMax { return "too many fields" }
    if let reason = FieldReader.read(line, into: &head.fields, underscore: .kept) {
      return reason
    }
    let read = head.fields.lines[head.fields.lines.count - 1]
    return facts.note(read, in: head.fields)
  }

  /// RFC 9112 §4; the space before an absent reason may be missing, as it often is.
  private mutating func status(
    _ line: Span<UInt8>, into head: inout ResponseHead
  ) -> StaticString? {
    guard line.count >= 12, line[8] == 0x20 else { return "status line" }
    switch Version(line.extracting(0..<8)) {
    case .v10: isVersion10 = true
    case .v11: isVersion10 = false
    default: return "version of the response"
    }
    guard let status = ASCII.decimal(line.extracting(9..<12)), status >= 100,
      line.count == 12 || line[12] == 0x20
    else { return "status code" }
    head.status = status
    return nil
  }

  /// RFC 9112 §6.3.
  private mutating func finish(_ head: inout ResponseHead, method: Method) -> ParseOutcome {
    if isVersion10, facts.isChunked {
      return .refused(.badGateway, "Transfer-Encoding in HTTP/1.0")
    }
    let hasContent = facts.isChunked || (facts.contentLength ?? 0) > 0
    if head.isInterim, hasContent { return .refused(.badGateway, "interim response with content") }
    // Whatever such an upstream sends behind this head must not be read as the next response.
    if head.status == 204, hasContent { endsByClose = true }
    if method == .head || head.isInterim || head.status == 204 || head.status == 304 {
      head.framing = .none
    } else if facts.isChunked {
      head.framing = .chunked
    } else if let length = facts.contentLength {
      head.framing = .length(length)
    } else {
      head.framing = .untilClose
      endsByClose = true
    }
    facts.removeNamed(from: &head.fields)
    return .complete
  }
}
