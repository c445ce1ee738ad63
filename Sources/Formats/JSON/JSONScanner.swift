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
  private var outer = [UInt64](repeating: 0, count: JSONLimits.depthBound / 64)
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
    return try scan(piece, isLast: isLast, into: &nothing)
  }

  /// Checks a whole text and remembers nothing of it.
  public mutating func check(_ text: Span<UInt8>) throws(JSONFault) {
    clear()
    _ = try check(text, isLast: true)
  }

  /// As `check`, and tells `sink` what stands in the piece; its offsets are those of the piece.
  mutating func scan<Sink: JSONSink>(
    _ text: Span<UInt8>, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Int {
    guard base + text.count <= min(limits.bytesMax, JSONLimits.bytesBound) else {
      throw JSONFault(.bytes, at: limits.bytesMax)
    }
    var at = 0
    do throws(JSONFault) {
      try step(text, &at, isLast: isLast, into: &sink)
    } catch {
      throw JSONFault(error.detail, at: base + error.offset)
    }
    if isLast, state != .end {
      throw JSONFault(
        state == .value && depth == 0 ? .expectedValue : .unfinishedText, at: base + at)
    }
    base += at
    return at
  }

  /// Takes tokens until the piece is done with, or what is left of it is only a part of one.
  private mutating func step<Sink: JSONSink>(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) {
    while true {
      JSONScanner.skipSpace(text, &at)
      guard at < text.count else { return }
      let byte = text[at]
      switch state {
      case .firstElement where byte == UInt8(ascii: "]"): close(&at, into: &sink)
      case .value, .firstElement:
        guard try value(text, &at, byte, isLast: isLast, into: &sink) else { return }
      case .firstMember where byte == UInt8(ascii: "}"): close(&at, into: &sink)
      case .firstMember, .member:
        guard byte == UInt8(ascii: "\"") else { throw JSONFault(.expectedName, at: at) }
        guard try name(text, &at, isLast: isLast, into: &sink) else { return }
      case .colon:
        guard byte == UInt8(ascii: ":") else { throw JSONFault(.expectedColon, at: at) }
        at += 1
        state = .value
      case .afterMember:
        if byte == UInt8(ascii: ",") {
          at += 1
          state = .member
        } else {
          guard byte == UInt8(ascii: "}") else { throw JSONFault(.expectedCommaOrBrace, at: at) }
          close(&at, into: &sink)
        }
      case .afterElement:
        if byte == UInt8(ascii: ",") {
          at += 1
          state = .value
        } else {
          guard byte == UInt8(ascii: "]") else { throw JSONFault(.expectedCommaOrBracket, at: at) }
          close(&at, into: &sink)
        }
      case .end: throw JSONFault(.expectedEnd, at: at)
      }
    }
  }

  // MARK: Structure

  private mutating func open<Sink: JSONSink>(
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

  private mutating func close<Sink: JSONSink>(_ at: inout Int, into sink: inout Sink) {
    at += 1
    if isInObject { names.end() }
    sink.end(isObject: isInObject, end: at)
    depth -= 1
    isInObject = outer[depth >> 6] >> UInt64(depth & 63) & 1 == 1
    leaveValue()
  }

  private mutating func leaveValue() {
    state = depth == 0 ? .end : isInObject ? .afterMember : .afterElement
  }

  private mutating func count(at: Int) throws(JSONFault) {
    guard valuesLeft > 0 else { throw JSONFault(.values, at: at) }
    valuesLeft -= 1
  }

  // MARK: Tokens; false if the piece ends within one

  private mutating func value<Sink: JSONSink>(
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
      guard let isWhole = try number(text, &at, isLast: isLast) else { return false }
      sink.number(start..<at, isWhole: isWhole)
    case UInt8(ascii: "t"):
      guard try word(text, &at, "true", isLast: isLast) else { return false }
      sink.boolean(start..<at)
    case UInt8(ascii: "f"):
      guard try word(text, &at, "false", isLast: isLast) else { return false }
      sink.boolean(start..<at)
    case UInt8(ascii: "n"):
      guard try word(text, &at, "null", isLast: isLast) else { return false }
      sink.null(start..<at)
    default:
      let isMark = byte == 0xEF && base == 0 && at == 0
      throw JSONFault(isMark ? .byteOrderMark : .expectedValue, at: at)
    }
    try count(at: start)
    leaveValue()
    return true
  }

  private mutating func name<Sink: JSONSink>(
    _ text: Span<UInt8>, _ at: inout Int, isLast: Bool, into sink: inout Sink
  ) throws(JSONFault) -> Bool {
    let start = at
    guard let isEscaped = try string(text, &at, isLast: isLast) else { return false }
    try count(at: start)
    let range = start + 1..<at - 1
    let hash = isEscaped ? hashEscaped(text, range) : hash.of(text, range)
    guard names.count < limits.membersMax else { throw JSONFault(.members, at: start) }
    guard names.add(hash) || limits.takesRepeatedNames else {
      throw JSONFault(.duplicateName, at: start)
    }
    sink.name(range, isEscaped: isEscaped, hash: hash)
    state = .colon
    return true
  }

  private func hashEscaped(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let plain = JSONEscape.text(text, range)
    return hash.of(plain.span)
  }
}

/// A sink for those who want to know no more than that a text is sound.
struct JSONNothing: JSONSink {
  mutating func begin(isObject: Bool, at: Int) {}
  mutating func end(isObject: Bool, end: Int) {}
  mutating func name(_ range: Range<Int>, isEscaped: Bool, hash: UInt64) {}
  mutating func string(_ range: Range<Int>, isEscaped: Bool) {}
  mutating func number(_ range: Range<Int>, isWhole: Bool) {}
  mutating func boolean(_ range: Range<Int>) {}
  mutating func null(_ range: Range<Int>) {}
}
