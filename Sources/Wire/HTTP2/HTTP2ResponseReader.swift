import Base
import HTTP

/// What the head of a response came to.
public enum HTTP2ResponseOutcome {
  case complete
  /// An interim response, behind which another comes (RFC 9110 §15.2).
  case interim
  /// The response breaks the protocol's rules (RFC 9113 §8.1.1).
  case malformed(StaticString)
  /// The header block cannot be read, and with it none that follows: the connection ends.
  case failed(StaticString)
}

/// Makes the canonical response of a header block's fields (RFC 9113 §8.2 and §8.3.2).
///
/// All fields are looked at, since the table of the connection changes with them; the first fault
/// counts, and behind it nothing is kept.
struct HTTP2ResponseReader {
  private let limits: HeadLimits
  private var malformed: StaticString?
  private var status: Int?
  private var contentLength: Int?
  private var hasRegular = false
  private var listBytes = 0
  private var count = 0
  /// Content that the response must have, if that is known; else -1.
  private(set) var contentRemaining = -1

  init(limits: HeadLimits) { self.limits = limits }

  /// Whether the bytes of further fields are of use.
  var keeps: Bool { malformed == nil }

  /// Takes a field, whose bytes lie in the arena of `head`.
  mutating func take(_ field: HPACKField, into head: inout ResponseHead) {
    listBytes += field.listBytes
    count += 1
    if listBytes > limits.headBytesMax { return note("response head too large") }
    if count > limits.fieldCountMax + 1 { return note("too many fields") }
    if let fault = field.mark.fault { return note(fault) }
    if field.mark.pseudo != .none { return pseudo(field, in: head.fields) }
    hasRegular = true
    regular(field, in: head.fields)
    head.fields.lines.append(FieldLine(name: field.name, value: field.value, id: field.mark.id))
  }

  private mutating func note(_ fault: StaticString) {
    if malformed == nil { malformed = fault }
  }

  private mutating func pseudo(_ field: HPACKField, in fields: borrowing Fields) {
    if hasRegular { return note("pseudo-header behind a field") }
    guard field.mark.pseudo == .status else { return note("pseudo-header of a request") }
    if status != nil { return note("pseudo-header twice") }
    let text = fields[field.value]
    guard text.count == 3, let number = ASCII.decimal(text), number >= 100 else {
      return note(":status")
    }
    status = number
  }

  private mutating func regular(_ field: HPACKField, in fields: borrowing Fields) {
    switch field.mark.id {
    case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade:
      note("field about a connection")
    case .contentLength:
      if contentLength != nil { note("more than one content-length") }
      contentLength = ASCII.decimal(fields[field.value])
      if contentLength == nil { note("content-length is not a number") }
    default: break
    }
  }

  /// The whole is there; `ends` if no content follows.
  mutating func finish(
    _ head: inout ResponseHead, method: Method, ends: Bool
  ) -> HTTP2ResponseOutcome {
    if let malformed { return .malformed(malformed) }
    guard let status else { return .malformed("no :status") }
    head.status = status
    if head.isInterim {
      // HTTP/2 has no switch of protocols (RFC 9113 §8.6).
      if status == 101 { return .malformed("status 101") }
      return ends ? .malformed("interim response that ends the stream") : .interim
    }
    if method == .head || status == 204 || status == 304 {
      if status == 204, (contentLength ?? 0) > 0 { return .malformed("content of status 204") }
      head.framing = .none
      contentRemaining = 0
    } else if ends {
      if let contentLength, contentLength > 0 { return .malformed("less content than announced") }
      head.framing = .length(0)
    } else {
      head.framing = contentLength.map { .length($0) } ?? .chunked
      contentRemaining = contentLength ?? -1
    }
    return .complete
  }
}
