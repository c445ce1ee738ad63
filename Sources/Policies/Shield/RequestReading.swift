import Base
import Formats
import HTTP
import PolicyKit
import SecLang

/// Takes a request apart into all that a client can write.
///
/// Decodings are undone in a fixed order: what carries a text first (percent-encoding of queries
/// and forms, escapes of JSON and XML), then whatever chain of forms a rule asks for.
struct RequestReading: Sendable {
  var scratch: [UInt8] = []
  var path: [UInt8] = []
  var stack: [JSONLevel] = []
  private let limits: JSONLimits = {
    var limits = JSONLimits.document
    limits.takesRepeatedNames = true
    return limits
  }()

  /// One object or array that is open: where it ends, and where its name does.
  struct JSONLevel: Sendable {
    let end: Int
    let nameCount: Int
    let isObject: Bool
  }

  mutating func read(
    _ content: Span<UInt8>, _ exchange: inout Exchange, into inspection: inout Inspection
  ) -> ContentFault? {
    inspection.client = exchange.client
    readLine(exchange, into: &inspection)
    readFields(exchange.request, into: &inspection)
    if content.isEmpty { return nil }
    return readContent(content, &exchange, into: &inspection)
  }

  // MARK: The head

  private mutating func readLine(
    _ exchange: borrowing Exchange, into inspection: inout Inspection
  ) {
    let fields = exchange.request.fields
    let place = exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
    let none = Span<UInt8>()
    scratch.removeAll(keepingCapacity: true)
    append(fields[place], toScratch: true)
    inspection.add(.rawTarget, name: none, scratch.span)
    if exchange.request.hasQuery {
      scratch.append(UInt8(ascii: "?"))
      append(fields[exchange.request.query], toScratch: true)
      inspection.add(.target, name: none, scratch.span)
      inspection.add(.query, name: none, fields[exchange.request.query])
      readPairs(
        fields[exchange.request.query], .queryArgument, .queryArgumentName, into: &inspection)
    } else {
      inspection.add(.target, name: none, scratch.span)
    }
    readPath(fields[place], into: &inspection)
    scratch.removeAll(keepingCapacity: true)
    append(fields[exchange.request.methodText], toScratch: true)
    inspection.add(.method, name: none, scratch.span)
    scratch.append(0x20)
    append(fields[place], toScratch: true)
    if exchange.request.hasQuery {
      scratch.append(UInt8(ascii: "?"))
      append(fields[exchange.request.query], toScratch: true)
    }
    append(" HTTP/1.1", toScratch: true)
    inspection.add(.requestLine, name: none, scratch.span)
    scratch.removeAll(keepingCapacity: true)
    append("HTTP/1.1", toScratch: true)
    inspection.add(.version, name: none, scratch.span)
  }

  /// The path decoded, its last segment, and each segment as what routes take for a parameter.
  private mutating func readPath(_ text: Span<UInt8>, into inspection: inout Inspection) {
    let none = Span<UInt8>()
    decode(text, takesPlus: false)
    inspection.add(.path, name: none, scratch.span)
    var end = text.count
    while end > 0, text[end - 1] != UInt8(ascii: "/") { end -= 1 }
    decode(text.extracting(end..<text.count), takesPlus: false)
    inspection.add(.baseName, name: none, scratch.span)
    var start = 0
    for at in 0...text.count where at == text.count || text[at] == UInt8(ascii: "/") {
      if at > start {
        decode(text.extracting(start..<at), takesPlus: false)
        inspection.add(.pathSegment, name: none, scratch.span)
      }
      start = at + 1
    }
  }

  private mutating func readFields(
    _ request: borrowing RequestHead, into inspection: inout Inspection
  ) {
    let fields = request.fields
    var hasHost = false
    var hasLength = false
    for index in fields.lines.indices where !fields.lines[index].name.isEmpty {
      let line = fields.lines[index]
      inspection.add(.header, name: fields[line.name], fields[line.value])
      inspection.add(.headerName, name: fields[line.name], fields[line.name])
      if line.id == .host { hasHost = true }
      if line.id == .contentLength { hasLength = true }
      if line.id == .cookie { readCookies(fields[line.value], into: &inspection) }
    }
    if !hasHost, !request.host.isEmpty {
      add(.header, "host", fields[request.host], into: &inspection)
    }
    if !hasLength, case .length(let count) = request.framing {
      scratch.removeAll(keepingCapacity: true)
      DecimalDigits().append(count, to: &scratch)
      let value = scratch
      add(.header, "content-length", value.span, into: &inspection)
    }
  }

  private mutating func add(
    _ kind: InputKind, _ name: StaticString, _ value: Span<UInt8>, into inspection: inout Inspection
  ) {
    path.removeAll(keepingCapacity: true)
    append(name, toScratch: false)
    inspection.add(kind, name: path.span, value)
  }

  private mutating func readCookies(_ text: Span<UInt8>, into inspection: inout Inspection) {
    var at = 0
    while at < text.count {
      var start = at
      while at < text.count, text[at] != UInt8(ascii: ";") { at += 1 }
      while start < at, text[start] == 0x20 { start += 1 }
      var equals = start
      while equals < at, text[equals] != UInt8(ascii: "=") { equals += 1 }
      let name = text.extracting(start..<equals)
      if at > start {
        let value = text.extracting(min(equals + 1, at)..<at)
        inspection.add(.cookie, name: name, value)
        inspection.add(.cookieName, name: name, name)
      }
      at += 1
    }
  }

  // MARK: Pairs

  /// The pairs of a query or a form (WHATWG URL §5.1).
  mutating func readPairs(
    _ text: Span<UInt8>, _ kind: InputKind, _ nameKind: InputKind,
    into inspection: inout Inspection
  ) {
    var pairs = QueryPairs()
    while let pair = pairs.next(in: text) {
      decode(text.extracting(pair.name), takesPlus: true)
      swap(&scratch, &path)
      decode(text.extracting(pair.value), takesPlus: true)
      // A text without a name is a value to those who take the whole query for one.
      if pair.value.isEmpty { inspection.add(kind, name: path.span, path.span) }
      inspection.add(kind, name: path.span, scratch.span)
      inspection.add(nameKind, name: path.span, path.span)
    }
  }

  /// Leaves `text` in `scratch`, percent-encoding undone where it is sound.
  mutating func decode(_ text: Span<UInt8>, takesPlus: Bool) {
    scratch.removeAll(keepingCapacity: true)
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "%"), at + 2 < text.count, let high = ASCII.hexValue(text[at + 1]),
        let low = ASCII.hexValue(text[at + 2])
      {
        scratch.append(high << 4 | low)
        at += 3
      } else {
        scratch.append(byte == UInt8(ascii: "+") && takesPlus ? 0x20 : byte)
        at += 1
      }
    }
  }

  private mutating func append(_ text: Span<UInt8>, toScratch: Bool) {
    for at in text.indices { scratch.append(text[at]) }
  }

  mutating func append(_ text: StaticString, toScratch: Bool) {
    // Safety: a static string's pointer is valid for its count, for ever.
    let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    if toScratch {
      unsafe scratch.append(contentsOf: bytes)
    } else {
      unsafe path.append(contentsOf: bytes)
    }
  }

  // MARK: Content

  private mutating func readContent(
    _ content: Span<UInt8>, _ exchange: inout Exchange, into inspection: inout Inspection
  ) -> ContentFault? {
    inspection.bodyBytes = content.count
    if exchange.request.fields.count(.contentType) > 1 { return .ambiguous }
    if exchange.request.fields.count(.contentEncoding) > 1 { return .encoded }
    if let encoding = exchange.request.fields.value(.contentEncoding),
      !ASCII.equalsIgnoringCase(exchange.request.fields[encoding], "identity")
    {
      return .encoded
    }
    let type = exchange.request.fields.value(.contentType) ?? .empty
    let kind = ContentKind(exchange.request.fields[type])
    switch kind {
    case .form:
      inspection.bodyProcessor = "URLENCODED"
      readPairs(content, .bodyArgument, .bodyArgumentName, into: &inspection)
    case .json:
      inspection.bodyProcessor = "JSON"
      exchange.tape.limits = limits
      do throws(JSONFault) {
        try exchange.tape.read(content)
      } catch {
        return .malformed("JSON")
      }
      readJSON(exchange.tape, content, into: &inspection)
    case .multipart:
      inspection.bodyProcessor = "MULTIPART"
      var parts = MultipartReading(exchange.request.fields[type])
      return parts.read(content, into: &inspection)
    case .xml:
      inspection.bodyProcessor = "XML"
      inspection.add(.body, name: Span(), content)
      var markup = XMLReading()
      return markup.read(content, into: &inspection)
    case .other: readText(content, &exchange, into: &inspection)
    }
    return nil
  }

  /// Content of an unknown type: whatever a lenient server may take it for.
  private mutating func readText(
    _ content: Span<UInt8>, _ exchange: inout Exchange, into inspection: inout Inspection
  ) {
    inspection.add(.body, name: Span(), content)
    inspection.add(.bodyArgument, name: Span(), content)
    var first = 0
    while first < content.count, content[first] <= 0x20 { first += 1 }
    guard first < content.count else { return }
    switch content[first] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      exchange.tape.limits = limits
      if (try? exchange.tape.read(content)) != nil {
        readJSON(exchange.tape, content, into: &inspection)
      }
    case UInt8(ascii: "<"):
      var markup = XMLReading()
      _ = markup.read(content, into: &inspection)
    default:
      if content.indices.contains(where: { content[$0] == UInt8(ascii: "=") }) {
        readPairs(content, .bodyArgument, .bodyArgumentName, into: &inspection)
      }
    }
  }
}
