import Base
import HTTP

/// Writes header blocks (RFC 7541): indexed where a field was sent before, else as it is.
///
/// A field enters the table when it is sent a second time, so that what is different each time
/// pushes nothing out. Strings are not compressed: after the first messages nearly all of them are
/// indices, and the peer has less to do.
struct HPACKEncoder: Sendable {
  /// Fields that were sent once, by their hashes.
  private static let candidates = 64
  /// Entries that are compared with; fields of answers are few.
  private static let entriesMax = 48

  private var table = HPACKTable()
  private var hashes: [UInt32] = []
  private var seen: [UInt32] = []
  /// A size that the peer has yet to be told (RFC 7541 §4.2).
  private var pendingSize: Int?

  /// Takes the size that the peer allows, of which no more than ours is used.
  mutating func limit(_ size: Int) {
    let most = min(size, HPACKTable.capacityMax)
    if most == table.sizeMax, pendingSize == nil { return }
    table.resize(most)
    trim()
    pendingSize = most
  }

  /// Begins a block.
  mutating func begin(into block: inout ByteBuffer) {
    guard let size = pendingSize else { return }
    pendingSize = nil
    Self.integer(size, prefix: 5, first: 0x20, into: &block)
  }

  /// Writes a status (RFC 9113 §8.3.2).
  mutating func status(_ status: Int, into block: inout ByteBuffer) {
    let index: UInt8 =
      switch status {
      case 200: 8
      case 204: 9
      case 206: 10
      case 304: 11
      case 400: 12
      case 404: 13
      case 500: 14
      default: 0
      }
    if index > 0 { return block.append(0x80 | index) }
    block.append(0x08)
    block.append(3)
    block.append(decimal: UInt(status))
  }

  /// Writes a number as the value of a field whose name stands in the static table.
  mutating func number(_ value: Int, index: Int, into block: inout ByteBuffer) {
    Self.integer(index, prefix: 4, first: 0, into: &block)
    var digits = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    block.append(UInt8(digits))
    block.append(decimal: UInt(value))
  }

  /// Writes a field; one that must not be guessed at never enters a table (RFC 7541 §7.1.3).
  mutating func field(
    _ id: FieldName, name: Span<UInt8>, value: Span<UInt8>, into block: inout ByteBuffer
  ) {
    let isSecret = id == .setCookie || id == .authorization || id == .cookie
    if isSecret || value.count > 1024 {
      return literal(id, name, value, first: isSecret ? 0x10 : 0, prefix: 4, into: &block)
    }
    let hash = Self.hash(name, value)
    if let index = find(hash, name, value) {
      return Self.integer(index + HPACKStaticTable.count + 1, prefix: 7, first: 0x80, into: &block)
    }
    guard isKnown(hash), name.count + value.count + 32 <= table.sizeMax else {
      return literal(id, name, value, first: 0, prefix: 4, into: &block)
    }
    literal(id, name, value, first: 0x40, prefix: 6, into: &block)
    table.insert(name: name, value: value, mark: HPACKField.Mark(name: name))
    hashes.insert(hash, at: 0)
    trim()
  }

  // MARK: Requests

  /// Writes a request's method, whose name is `text`.
  mutating func method(_ method: Method, _ text: Span<UInt8>, into block: inout ByteBuffer) {
    switch method {
    case .get: block.append(0x82)
    case .post: block.append(0x83)
    default:
      block.append(0x02)
      Self.text(text, into: &block)
    }
  }

  /// Writes the scheme.
  mutating func scheme(isSecure: Bool, into block: inout ByteBuffer) {
    block.append(isSecure ? 0x87 : 0x86)
  }

  /// Writes the authority, which is the same for many requests.
  mutating func authority(_ authority: Span<UInt8>, into block: inout ByteBuffer) {
    field(.other, name: ":authority".utf8.span, value: authority, into: &block)
  }

  /// Writes the path with its query, which never enters a table: hardly one comes twice, and a
  /// query may hold what must not be guessed at.
  mutating func path(
    _ path: Span<UInt8>, query: Span<UInt8>, hasQuery: Bool, into block: inout ByteBuffer
  ) {
    if !hasQuery, path.count == 1, path[0] == 0x2F { return block.append(0x84) }
    block.append(0x04)
    Self.integer(
      path.count + (hasQuery ? 1 + query.count : 0), prefix: 7, first: 0, into: &block)
    block.append(path)
    if !hasQuery { return }
    block.append(0x3F)
    block.append(query)
  }

  /// Writes a field of a request.
  ///
  /// The requests of many clients share the table. So that none of them can find out what others
  /// send by what a guess comes to in bytes (RFC 7541 §7.1), fields that the gateway does not know
  /// never enter it, nor do those that say who calls.
  mutating func requestField(
    _ id: FieldName, name: Span<UInt8>, value: Span<UInt8>, into block: inout ByteBuffer
  ) {
    switch id {
    case .other, .xAPIKey, .forwarded, .xForwardedFor, .xRealIP, .xConsumerID, .xConsumerName,
      .traceparent, .tracestate, .xRequestID, .baggage, .referer:
      literal(id, name, value, first: 0, prefix: 4, into: &block)
    default: field(id, name: name, value: value, into: &block)
    }
  }

  /// Says that trailers are taken, the only thing that `te` may say (RFC 9113 §8.2.2).
  mutating func acceptTrailers(into block: inout ByteBuffer) {
    field(.te, name: "te".utf8.span, value: "trailers".utf8.span, into: &block)
  }

  private mutating func trim() {
    if hashes.count > table.count { hashes.removeLast(hashes.count - table.count) }
  }

  /// Whether the hash was seen before; from now on it was.
  private mutating func isKnown(_ hash: UInt32) -> Bool {
    if seen.isEmpty { seen = [UInt32](repeating: 0, count: Self.candidates) }
    let place = Int(hash >> 1) & (Self.candidates - 1)
    if seen[place] == hash { return true }
    seen[place] = hash
    return false
  }

  private func find(_ hash: UInt32, _ name: Span<UInt8>, _ value: Span<UInt8>) -> Int? {
    for index in 0..<min(hashes.count, Self.entriesMax) where hashes[index] == hash {
      guard let entry = table[index] else { return nil }
      let bytes = table.bytes.span.extracting(table.range(entry))
      if Int(entry.nameCount) == name.count, Int(entry.valueCount) == value.count,
        ASCII.equals(bytes.extracting(..<name.count), name),
        ASCII.equals(bytes.extracting(name.count...), value)
      {
        return index
      }
    }
    return nil
  }

  private func literal(
    _ id: FieldName, _ name: Span<UInt8>, _ value: Span<UInt8>, first: UInt8, prefix: Int,
    into block: inout ByteBuffer
  ) {
    let index = HPACKStaticTable.index(of: id, name)
    Self.integer(index, prefix: prefix, first: first, into: &block)
    if index == 0 { Self.text(name, into: &block) }
    Self.text(value, into: &block)
  }

  private static func text(_ text: Span<UInt8>, into block: inout ByteBuffer) {
    integer(text.count, prefix: 7, first: 0, into: &block)
    block.append(text)
  }

  private static func integer(
    _ value: Int, prefix: Int, first: UInt8, into block: inout ByteBuffer
  ) {
    let most = (1 << prefix) - 1
    if value < most { return block.append(first | UInt8(value)) }
    block.append(first | UInt8(most))
    var rest = value - most
    while rest >= 0x80 {
      block.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    block.append(UInt8(rest))
  }

  /// FNV-1a, eight bytes at a time; never 0, which stands for no field.
  private static func hash(_ name: Span<UInt8>, _ value: Span<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(name.count)
    mix(name, into: &hash)
    mix(value, into: &hash)
    return UInt32(truncatingIfNeeded: hash >> 32 ^ hash) | 1
  }

  private static func mix(_ bytes: Span<UInt8>, into hash: inout UInt64) {
    var at = 0
    while at + 8 <= bytes.count {
      // Safety: eight bytes lie there; any of them is a valid integer.
      let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      at += 8
    }
    while at < bytes.count {
      hash = (hash ^ UInt64(bytes[at])) &* 0x100_0000_01B3
      at += 1
    }
    hash = (hash ^ 0xFF) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 31
  }
}
