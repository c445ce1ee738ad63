import Base
import HTTP

/// Makes the canonical request of a header block's fields (RFC 9113 §8.2 and §8.3).
///
/// Whatever could mean something else once the request is written in HTTP/1.1 is malformed here.
/// All fields are looked at, since the table of the connection changes with them; the first fault
/// counts.
struct HTTP2HeadReader {
  private let limits: HeadLimits
  private let takesConnect: Bool
  private var malformed: StaticString?
  private var refusal: Refusal?
  private var method: Slice?
  private var scheme: Slice?
  private var path: Slice?
  private var authority: Slice?
  private var connectProtocol: Slice?
  private var host: Slice?
  private var contentLength: Int?
  private var hasRegular = false
  private var expectsContinue = false
  private var acceptsTrailers = false
  private var cookieCount = 0
  private var cookieBytes = 0
  /// The size of the list so far, and how many fields there were.
  private(set) var listBytes = 0
  private var count = 0

  /// With `takesConnect`, a client may ask for a WebSocket (RFC 8441).
  init(limits: HeadLimits, takesConnect: Bool) {
    self.limits = limits
    self.takesConnect = takesConnect
  }

  /// Whether the bytes of further fields are of use.
  var keeps: Bool { refusal == nil && malformed == nil }

  /// What the request's content is said to be; nil if nothing was said.
  var announcedLength: Int? { contentLength }

  /// Keeps nothing from here on.
  mutating func close() { malformed = "no one reads it" }

  /// Counts a field that was not kept.
  mutating func skip(_ bytes: Int) {
    listBytes += bytes
    count += 1
  }

  /// Takes a field, whose bytes lie in the arena of `head`.
  mutating func take(_ field: HPACKField, into head: inout RequestHead) {
    skip(field.listBytes)
    if listBytes > limits.headBytesMax || field.listBytes - 32 > limits.fieldBytesMax {
      return refuse(Refusal(.headerTooLarge, "header section or field too large"))
    }
    if count > limits.fieldCountMax + 5 {
      return refuse(Refusal(.headerTooLarge, "too many fields"))
    }
    if let fault = field.mark.fault { return note(fault) }
    if field.mark.pseudo != .none { return pseudo(field) }
    hasRegular = true
    if regular(field, in: head.fields) {
      head.fields.lines.append(FieldLine(name: field.name, value: field.value, id: field.mark.id))
    }
  }

  private mutating func note(_ fault: StaticString) {
    if malformed == nil { malformed = fault }
  }

  private mutating func refuse(_ found: Refusal) {
    if refusal == nil { refusal = found }
  }

  private mutating func pseudo(_ field: HPACKField) {
    if hasRegular { return note("pseudo-header behind a field") }
    switch field.mark.pseudo {
    case .method: set(\.method, field.value)
    case .scheme: set(\.scheme, field.value)
    case .path: set(\.path, field.value)
    case .authority: set(\.authority, field.value)
    case .protocol where takesConnect: set(\.connectProtocol, field.value)
    default: note("unknown pseudo-header")
    }
  }

  private mutating func set(_ key: WritableKeyPath<HTTP2HeadReader, Slice?>, _ value: Slice) {
    if self[keyPath: key] != nil { return note("pseudo-header twice") }
    self[keyPath: key] = value
  }

  /// Looks at a field; false if it is not to be kept.
  private mutating func regular(_ field: HPACKField, in fields: borrowing Fields) -> Bool {
    switch field.mark.id {
    case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings:
      note("field about a connection")
    case .te:
      if !ASCII.equals(fields[field.value], "trailers") { note("te other than trailers") }
      acceptsTrailers = true
    case .host:
      if host != nil { note("more than one host") }
      host = field.value
    case .contentLength:
      if contentLength != nil { note("more than one content-length") }
      contentLength = ASCII.decimal(fields[field.value])
      if contentLength == nil { note("content-length is not a number") }
    case .expect:
      if !ASCII.equalsIgnoringCase(fields[field.value], "100-continue") {
        refuse(Refusal(.expectationFailed, "unknown expectation"))
      }
      expectsContinue = true
    case .cookie:
      cookieCount += 1
      cookieBytes += Int(field.value.count)
    case .other:
      // Some upstreams take an underscore for a dash, and so the field for another (NRM-16).
      let name = fields[field.name]
      for index in name.indices where name[index] == 0x5F { return false }
    default: break
    }
    return true
  }

  /// The whole is there; `ends` if no content follows.
  mutating func finish(_ head: inout RequestHead, ends: Bool) -> HTTP2Head {
    if let malformed { return .malformed(malformed) }
    if let refusal { return .refused(refusal.problem, refusal.reason) }
    if let fault = framing(&head, ends: ends) ?? requestLine(&head) ?? name(&head) {
      return .malformed(fault)
    }
    if let refusal { return .refused(refusal.problem, refusal.reason) }
    if cookieCount > 1 { joinCookies(&head) }
    head.acceptsTrailers = acceptsTrailers
    head.expectsContinue = expectsContinue && !ends
    return .complete
  }

  private func framing(_ head: inout RequestHead, ends: Bool) -> StaticString? {
    if ends {
      if let length = contentLength {
        if length != 0 { return "content-length without content" }
        head.framing = .length(0)
      }
    } else {
      head.framing = contentLength.map { .length($0) } ?? .chunked
    }
    return nil
  }

  private mutating func requestLine(_ head: inout RequestHead) -> StaticString? {
    guard let method, let known = token(head.fields[method]) else { return "no :method, or none" }
    head.methodText = method
    head.method = known
    if let connectProtocol {
      if known != .connect { return ":protocol without CONNECT" }
      if let fault = webSocket(connectProtocol, &head) { return fault }
    } else if known == .connect {
      if path != nil || scheme != nil || authority == nil { return "CONNECT with :path or :scheme" }
      refuse(Refusal(.methodNotSupported, "CONNECT or TRACE"))
      return nil
    }
    guard let scheme else { return "no :scheme" }
    guard let named = Self.named(head.fields[scheme]) else { return ":scheme" }
    head.scheme = named
    if known == .trace { refuse(Refusal(.methodNotSupported, "CONNECT or TRACE")) }
    return target(&head)
  }

  /// Makes the request what a handshake by HTTP/1.1 is, so that nobody need know how it came
  /// (RFC 8441 §5).
  private mutating func webSocket(_ named: Slice, _ head: inout RequestHead) -> StaticString? {
    if head.framing != .chunked || contentLength != nil { return "CONNECT with content" }
    if !ASCII.equals(head.fields[named], "websocket") {
      refuse(Refusal(.methodNotSupported, "CONNECT of another protocol"))
    }
    head.framing = .none
    head.method = .get
    head.methodText = head.fields.store("GET")
    head.isWebSocket = true
    return nil
  }

  private func token(_ text: Span<UInt8>) -> Method? {
    guard text.count > 0, text.count <= limits.methodBytesMax else { return nil }
    for index in text.indices where !ByteClass.token.contains(text[index]) { return nil }
    return Method(text)
  }

  private static func named(_ scheme: Span<UInt8>) -> Scheme? {
    ASCII.equals(scheme, "https") ? .https : ASCII.equals(scheme, "http") ? .http : nil
  }

  private mutating func target(_ head: inout RequestHead) -> StaticString? {
    guard let path, !path.isEmpty else { return "no :path" }
    if path.count > limits.targetBytesMax {
      refuse(Refusal(.requestTargetTooLong, "target too long"))
      return nil
    }
    let first = head.fields.arena[Int(path.offset)]
    guard first == 0x2F || (first == 0x2A && path.count == 1) else { return ":path" }
    // The path lies in the arena that the reader would write to: it gets a head of its own, whose
    // arena stays empty unless the path has to be written anew.
    var draft = RequestHead()
    draft.method = head.method
    var reader = TargetReader()
    let fault = reader.read(head.fields[path], at: Int(path.offset), into: &draft)
    if let fault {
      if Self.hasForeign(head.fields[path]) { return fault }
      refuse(.malformed(fault))
      return nil
    }
    if draft.fields.arena.isEmpty {
      head.path = draft.path
    } else {
      head.path = head.fields.store(draft.fields[draft.path])
    }
    (head.query, head.hasQuery) = (draft.query, draft.hasQuery)
    head.pathTraits = draft.pathTraits
    return nil
  }

  /// Whether a target holds what none may, and is not just one that is not taken.
  private static func hasForeign(_ target: Span<UInt8>) -> Bool {
    for index in target.indices {
      let byte = target[index]
      if byte <= 0x20 || byte >= 0x7F || byte == 0x23 { return true }
    }
    return false
  }

  /// `:authority` and `host` must say the same (RFC 9113 §8.3.1).
  private mutating func name(_ head: inout RequestHead) -> StaticString? {
    if refusal != nil { return nil }
    guard let text = authority ?? host, !text.isEmpty else { return "no :authority" }
    FieldReader.lowercase(text, in: &head.fields.arena)
    if let host, authority != nil {
      FieldReader.lowercase(host, in: &head.fields.arena)
      guard ASCII.equals(head.fields[host], head.fields[text]) else {
        return "host is not :authority"
      }
    }
    guard let authority = Authority(head.fields[text]) else { return "invalid :authority" }
    if let literal = authority.literal {
      head.host = Authority.store(literal, in: &head.fields)
    } else {
      head.host = Slice(offset: Int(text.offset), count: authority.hostCount)
    }
    head.port = authority.port
    if host == nil {
      let name = head.fields.store("host")
      head.fields.lines.append(FieldLine(name: name, value: text, id: .host))
    }
    return nil
  }

  /// Makes one field of cookies that came in several (RFC 9113 §8.2.3).
  private func joinCookies(_ head: inout RequestHead) {
    let start = head.fields.arena.count
    head.fields.arena.reserveCapacity(start + cookieBytes + 2 * cookieCount)
    var first: Int?
    for index in head.fields.lines.indices where head.fields.lines[index].id == .cookie {
      let value = head.fields.lines[index].value
      if first == nil {
        first = index
      } else {
        head.fields.arena.append(UInt8(ascii: ";"))
        head.fields.arena.append(UInt8(ascii: " "))
        head.fields.lines[index].name = .empty
      }
      for at in value.range {
        let byte = head.fields.arena[at]
        head.fields.arena.append(byte)
      }
    }
    guard let first else { return }
    head.fields.lines[first].value = Slice(
      offset: start, count: head.fields.arena.count - start)
  }
}
