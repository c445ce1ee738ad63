public import Base
public import HTTP

/// Reads the head of an HTTP/1.1 request, line by line as lines arrive (RFC 9112 §3 and §5).
///
/// What comes out is canonical, and every doubt is a refusal: two readers of one request are how
/// requests are smuggled. After a refusal the connection is of no further use.
public struct RequestParser: Sendable {
  private enum Phase { case start, requestLine, fields }

  private let limits: HeadLimits
  private var phase = Phase.start
  private var scanner = LineScanner()
  private var headBytes = 0
  private var hasEmptyLine = false
  private var target = TargetReader()
  private var facts = FieldFacts()
  private var host: Slice?
  private var expectsContinue = false

  /// Whether the request is HTTP/1.0, once its first line was read.
  public private(set) var isVersion10 = false

  /// A parser for the first request of a connection.
  public init(limits: Limits) { self.limits = HeadLimits(request: limits) }

  private init(limits: HeadLimits) { self.limits = limits }

  /// Whether any byte of a request was seen, an empty line before it not counted.
  public var hasStarted: Bool { phase != .start }

  /// Whether the connection may carry another request, after `complete` (RFC 9112 §9.3).
  public var keepsAlive: Bool { !facts.closes && (!isVersion10 || facts.keepsAlive) }

  /// Makes the parser ready for the next request of the connection.
  public mutating func reset() { self = RequestParser(limits: limits) }

  /// Reads as many lines as are there, takes them from `input` and adds them to `head`, which the
  /// caller has cleared before the first call for a request.
  public mutating func parse(
    _ input: inout ByteBuffer, into head: inout RequestHead
  ) -> ParseOutcome {
    var used = 0
    let outcome = read(input.readable, used: &used, into: &head)
    input.consume(used)
    return outcome
  }

  private mutating func read(
    _ bytes: Span<UInt8>, used: inout Int, into head: inout RequestHead
  ) -> ParseOutcome {
    if phase == .start {
      if let outcome = start(bytes, used: &used) { return outcome }
    }
    if phase == .requestLine {
      if let outcome = firstLine(bytes, used: &used, into: &head) { return outcome }
    }
    while true {
      let rest = bytes.extracting(used..<bytes.count)
      switch scanner.find(in: rest, most: min(limits.fieldBytesMax, room)) {
      case .incomplete: return .incomplete
      case .tooLong: return .refused(.headerTooLarge, "header section or field too large")
      case .malformed(let reason): return .refused(.malformedRequest, reason)
      case .line(let count):
        used += count + 2
        headBytes += count + 2
        if count == 0 { return finish(&head)?.outcome ?? .complete }
        if let refusal = field(rest.extracting(0..<count), into: &head) { return refusal.outcome }
      }
    }
  }

  /// Bytes that one more line may have, CR LF not counted.
  private var room: Int { limits.headBytesMax - headBytes - 2 }

  /// Takes an empty line away, which some clients send behind a body (RFC 9112 §2.2).
  private mutating func start(_ bytes: Span<UInt8>, used: inout Int) -> ParseOutcome? {
    if bytes.isEmpty { return .incomplete }
    if bytes[0] == 0x0D {
      if hasEmptyLine { return .refused(.malformedRequest, "empty lines before the request") }
      if bytes.count == 1 { return .incomplete }
      if bytes[1] != 0x0A { return .refused(.malformedRequest, "bare CR") }
      hasEmptyLine = true
      used = 2
      return start(after: bytes)
    }
    phase = .requestLine
    return nil
  }

  private mutating func start(after bytes: Span<UInt8>) -> ParseOutcome? {
    if bytes.count == 2 { return .incomplete }
    if bytes[2] == 0x0D { return .refused(.malformedRequest, "empty lines before the request") }
    phase = .requestLine
    return nil
  }

  private mutating func firstLine(
    _ bytes: Span<UInt8>, used: inout Int, into head: inout RequestHead
  ) -> ParseOutcome? {
    let rest = bytes.extracting(used..<bytes.count)
    let most = limits.methodBytesMax + limits.targetBytesMax + 10
    switch scanner.find(in: rest, most: min(most, room)) {
    case .incomplete: return .incomplete
    case .tooLong: return tooLong(rest).outcome
    case .malformed(let reason): return .refused(.malformedRequest, reason)
    case .line(let count):
      let reader = RequestLineReader(limits: limits)
      if let refusal = reader.read(
        rest.extracting(0..<count), target: &target, isVersion10: &isVersion10, into: &head)
      {
        return refusal.outcome
      }
      used += count + 2
      headBytes += count + 2
      phase = .fields
      return nil
    }
  }

  private func tooLong(_ line: Span<UInt8>) -> Refusal {
    var at = 0
    while at <= limits.methodBytesMax, at < line.count, line[at] != 0x20 { at += 1 }
    guard at <= limits.methodBytesMax else { return .malformed("method too long") }
    return Refusal(.requestTargetTooLong, "request line too long")
  }

  private mutating func field(_ line: Span<UInt8>, into head: inout RequestHead) -> Refusal? {
    if head.fields.lines.count >= limits.fieldCountMax {
      return Refusal(.headerTooLarge, "too many fields")
    }
    let count = head.fields.lines.count
    if let reason = FieldReader.read(line, into: &head.fields, underscore: .dropped) {
      return .malformed(reason)
    }
    if head.fields.lines.count == count { return nil }
    let read = head.fields.lines[head.fields.lines.count - 1]
    switch read.id {
    case .host:
      if host != nil { return .malformed("more than one Host") }
      host = read.value
    case .expect:
      guard ASCII.equalsIgnoringCase(head.fields[read.value], "100-continue") else {
        return Refusal(.expectationFailed, "unknown expectation")
      }
      expectsContinue = true
    case .contentLength, .transferEncoding, .connection:
      if let reason = facts.note(read, in: head.fields) { return .malformed(reason) }
      if isVersion10, facts.isChunked { return .malformed("Transfer-Encoding in HTTP/1.0") }
    case .te: head.acceptsTrailers = head.acceptsTrailers || namesTrailers(head.fields[read.value])
    default: break
    }
    return nil
  }

  private func namesTrailers(_ codings: Span<UInt8>) -> Bool {
    var at = 0
    while let range = ListReader.next(in: codings, from: &at) {
      if ASCII.equalsIgnoringCase(codings.extracting(range), "trailers") { return true }
    }
    return false
  }

  private func finish(_ head: inout RequestHead) -> Refusal? {
    if let reason = readHost(into: &head) { return .malformed(reason) }
    if head.method == .connect || head.method == .trace {
      return Refusal(.methodNotSupported, "CONNECT or TRACE")
    }
    if facts.isChunked {
      head.framing = .chunked
    } else if let length = facts.contentLength {
      head.framing = .length(length)
    }
    // With content it is a request like any other: nothing behind a head is taken for frames
    // before the upstream has agreed (CVE-2026-2833).
    head.isWebSocket =
      facts.upgrades && !isVersion10 && head.method == .get && head.framing == .none
      && WebSocketHandshake.isNamed(in: head.fields)
    head.expectsContinue = expectsContinue && !isVersion10 && head.hasBody
    facts.removeNamed(from: &head.fields)
    return nil
  }

  /// Whether two authorities are one: a scheme's own port may be named or not (RFC 9110 §4.2.3).
  private func isSame(
    _ text: Slice, _ authority: Authority, _ named: Slice, _ head: borrowing RequestHead
  ) -> Bool {
    guard let other = Authority(head.fields[named]) else { return false }
    let own: UInt16 = head.scheme == .https ? 443 : 80
    let (port, otherPort) = (
      authority.port == 0 ? own : authority.port, other.port == 0 ? own : other.port
    )
    return port == otherPort
      && ASCII.equals(
        head.fields[Slice(offset: Int(text.offset), count: authority.hostCount)],
        head.fields[Slice(offset: Int(named.offset), count: other.hostCount)])
  }

  /// `Host` and the target's authority must say the same (RFC 9112 §3.2).
  private func readHost(into head: inout RequestHead) -> StaticString? {
    if host == nil, !isVersion10 { return "no Host" }
    let named = target.authority
    guard let text = host ?? (named.isEmpty ? nil : named) else { return nil }
    FieldReader.lowercase(text, in: &head.fields.arena)
    if !named.isEmpty {
      FieldReader.lowercase(named, in: &head.fields.arena)
    }
    guard let authority = Authority(head.fields[text]) else { return "invalid Host" }
    if !named.isEmpty, !isSame(text, authority, named, head) { return "Host is not the target's" }
    if let literal = authority.literal {
      head.host = Authority.store(literal, in: &head.fields)
    } else {
      head.host = Slice(offset: Int(text.offset), count: authority.hostCount)
    }
    head.port = authority.port
    return nil
  }
}
