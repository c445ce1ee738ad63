/// Reads JSON (RFC 8259) strictly, in one piece or in several, without recursion.
///
/// What two readers could take differently is refused: a name twice in one object, half of a
/// surrogate pair, bytes that are no UTF-8, a byte order mark, anything before or behind the value
/// (RFC 7493). Everything has a limit. A scanner is used again after `clear`, and then allocates
/// nothing more than it did for the largest text.
public struct JSONScanner: Sendable {
  /// What may come next.
  enum State: UInt8, Sendable {
    case value, firstElement, firstMember, member, colon, afterMember, afterElement, end
  }

  let limits: JSONLimits
  private let depthMax: Int
  var state = State.value
  /// Whether the innermost level is an object.
  private var isInObject = false
  /// One bit for each level that is open: whether the one around it is an object.
  private var outer = InlineArray<16, UInt64>(repeating: 0)
  private var depth = 0
  private var valuesLeft: Int
  var names = JSONNames()
  let hash = JSONHash()
  /// Bytes of earlier pieces.
  private var base = 0
  /// Bytes of a string that did not end in the last piece, which need not be looked at again.
  var resumed = 0
  var resumedIsEscaped = false

  /// A scanner at the begin of a text.
  public init(limits: JSONLimits = JSONLimits()) {
    self.limits = limits
    depthMax = min(limits.depthMax, JSONLimits.depthBound)
    valuesLeft = limits.valuesMax
  }

  /// Goes to the begin of another text.
  public mutating func clear() {
    state = .value
    isInObject = false
    depth = 0
    valuesLeft = limits.valuesMax
    base = 0
    resumed = 0
    resumedIsEscaped = false
    names.clear()
  }

  /// Whether a whole value was read, so that only white space may follow.
  public var isDone: Bool { state == .end }

  /// Checks the next piece of a text, and returns how many bytes of it are done with.
  ///
  /// What is left, less than one string or number, must come again before the next piece. With
  /// `isLast` all of it is taken, or it is a fault. Offsets count from the begin of the text.
  public mutating func check(_ piece: Span<UInt8>, isLast: Bool) throws(JSONFault) -> Int {
    var nothing = JSONNothing()
    var at = 0
    _ = try scan(piece, &at, isLast: isLast, into: &nothing)
    return at
  }

  /// Checks a whole text and remembers nothing of it.
  public mutating func check(_ text: Span<UInt8>) throws(JSONFault) {
    clear()
    _ = try check(text, isLast: true)
  }

  /// As `check`, and tells `sink` what stands in the piece; its offsets are those of the piece.
  ///
  /// It begins at `at`, which it moves behind what it is done with, and returns whether it got to
  /// the end of the piece: a sink that was full gets room, and then the same piece comes again.
  mutating func scan<Sink: JSONSink & ~Copyable & ~Escapable>(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Bool {
    guard base + text.count <= min(limits.bytesMax, JSONLimits.bytesBound) else {
      throw JSONFault(.bytes, at: limits.bytesMax)
    }
    do throws(JSONFault) {
      guard try step(text, &at, isLast: isLast, into: &sink) else { return false }
    } catch {
      throw JSONFault(error.detail, at: base + error.offset)
    }
    if isLast, state != .end {
      throw JSONFault(
        state == .value && depth == 0 ? .expectedValue : .unfinishedText, at: base + at)
    }
    base += at
    return true
  }

  /// Takes tokens until the piece is done with, or what is left of it is only a part of one; false
  /// if the sink is full.
  private mutating func step<Sink: JSONSink & ~Copyable & ~Escapable>(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Bool {
    while !sink.isFull {
      JSONScanner.skipSpace(text, &at)
      guard at < text.count else { return true }
      var byte = text[at]
      switch state {
      case .firstMember where byte == UInt8(ascii: "}"),
        .firstElement where byte == UInt8(ascii: "]"):
        close(&at, into: &sink)
        JSONScanner.take(text, &at, comma: &state)
        continue
      case .value, .firstElement: break
      case .firstMember, .member:
        guard byte == UInt8(ascii: "\"") else { throw JSONFault(.expectedName, at: at) }
        guard try name(text, &at, isLast: isLast, into: &sink) else { return true }
        // What follows a name: nearly always a colon, one space at most, and a value.
        guard at < text.count, text[at] == UInt8(ascii: ":") else { continue }
        at += 1
        state = .value
        JSONScanner.skipSpace(text, &at)
        guard at < text.count else { return true }
        byte = text[at]
      case .colon:
        guard byte == UInt8(ascii: ":") else { throw JSONFault(.expectedColon, at: at) }
        at += 1
        state = .value
        continue
      case .afterMember:
        if byte == UInt8(ascii: ",") {
          at += 1
          state = .member
        } else {
          guard byte == UInt8(ascii: "}") else { throw JSONFault(.expectedCommaOrBrace, at: at) }
          close(&at, into: &sink)
          JSONScanner.take(text, &at, comma: &state)
        }
        continue
      case .afterElement:
        if byte == UInt8(ascii: ",") {
          at += 1
          state = .value
        } else {
          guard byte == UInt8(ascii: "]") else { throw JSONFault(.expectedCommaOrBracket, at: at) }
          close(&at, into: &sink)
          JSONScanner.take(text, &at, comma: &state)
        }
        continue
      case .end: throw JSONFault(.expectedEnd, at: at)
      }
      guard try value(text, &at, byte, isLast: isLast, into: &sink) else { return true }
      JSONScanner.take(text, &at, comma: &state)
    }
    return false
  }

  /// Takes the comma that stands right behind a value.
  @inline(__always)
  private static func take(_ text: Span<UInt8>, _ at: inout Int, comma state: inout State) {
    guard at < text.count, text[at] == UInt8(ascii: ",") else { return }
    switch state {
    case .afterMember: state = .member
    case .afterElement: state = .value
    default: return
    }
    at += 1
  }

  // MARK: Structure

  @inline(__always)
  private mutating func open<Sink: JSONSink & ~Copyable & ~Escapable>(
    isObject: Bool, _ at: inout Int, into sink: inout Sink
  ) throws(JSONFault) {
    guard depth < depthMax else { throw JSONFault(.depth, at: at) }
    let bit = UInt64(1) << UInt64(depth & 63)
    if isInObject { outer[depth >> 6] |= bit } else { outer[depth >> 6] &= ~bit }
    isInObject = isObject
    depth += 1
    if isObject { names.begin() }
    sink.begin(isObject: isObject, at: at)
    at += 1
    state = isObject ? .firstMember : .firstElement
  }

  @inline(__always)
  private mutating func close<Sink: JSONSink & ~Copyable & ~Escapable>(
    _ at: inout Int, into sink: inout Sink
  ) {
    at += 1
    if isInObject { names.end() }
    sink.end(isObject: isInObject, end: at)
    depth -= 1
    isInObject = outer[depth >> 6] >> UInt64(depth & 63) & 1 == 1
    leaveValue()
  }

  @inline(__always)
  private mutating func leaveValue() {
    state = depth == 0 ? .end : isInObject ? .afterMember : .afterElement
  }

  @inline(__always)
  private mutating func count(at: Int) throws(JSONFault) {
    guard valuesLeft > 0 else { throw JSONFault(.values, at: at) }
    valuesLeft -= 1
  }

  // MARK: Tokens; false if the piece ends within one

  @inline(__always)
  private mutating func value<Sink: JSONSink & ~Copyable & ~Escapable>(
    _ text: Span<UInt8>, _ at: inout Int, _ byte: UInt8, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Bool {
    let start = at
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try count(at: at)
      try open(isObject: byte == UInt8(ascii: "{"), &at, into: &sink)
      return true
    case UInt8(ascii: "\""):
      guard let isEscaped = try string(text, &at, isLast: isLast) else { return false }
      sink.string(start + 1..<at - 1, isEscaped: isEscaped)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      guard let isWhole = try JSONScanner.number(text, &at, limits, isLast: isLast) else {
        return false
      }
      sink.number(start..<at, isWhole: isWhole)
    case UInt8(ascii: "t"):
      guard try JSONScanner.word(text, &at, "true", isLast: isLast) else { return false }
      sink.boolean(start..<at)
    case UInt8(ascii: "f"):
      guard try JSONScanner.word(text, &at, "false", isLast: isLast) else { return false }
      sink.boolean(start..<at)
    case UInt8(ascii: "n"):
      guard try JSONScanner.word(text, &at, "null", isLast: isLast) else { return false }
      sink.null(start..<at)
    default:
      let isMark = byte == 0xEF && base == 0 && at == 0
      throw JSONFault(isMark ? .byteOrderMark : .expectedValue, at: at)
    }
    try count(at: start)
    leaveValue()
    return true
  }

  @inline(__always)
  private mutating func name<Sink: JSONSink & ~Copyable & ~Escapable>(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Bool {
    let start = at
    guard let isEscaped = try string(text, &at, isLast: isLast) else { return false }
    let range = start + 1..<at - 1
    let hash = isEscaped ? JSONScanner.hashEscaped(text, range, hash) : hash.of(text, range)
    try count(at: start)
    guard names.count < limits.membersMax else { throw JSONFault(.members, at: start) }
    guard names.add(hash) || limits.takesRepeatedNames else {
      throw JSONFault(.duplicateName, at: start)
    }
    sink.name(range, isEscaped: isEscaped, hash: hash)
    state = .colon
    return true
  }

  private static func hashEscaped(
    _ text: Span<UInt8>, _ range: Range<Int>, _ hash: JSONHash
  ) -> UInt64 {
    let plain = JSONEscape.text(text, range)
    return hash.of(plain.span)
  }
}
