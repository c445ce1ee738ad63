import Base
import HTTP

/// Writes a path in canonical form: unreserved bytes plain, other encodings in upper case, single
/// dot segments gone (RFC 3986 §6.2.2). A path with a double dot segment is refused.
struct PathWriter {
  /// Where in the arena the segment at hand starts.
  private var segment = 0
  private var utf8 = UTF8Check()
  /// The last encoded bytes in a row, the newest lowest.
  private var recent: UInt32 = 0

  /// Writes `path`, which starts with a slash, whose plain bytes were looked at before.
  mutating func write(_ path: Span<UInt8>, into head: inout RequestHead) -> StaticString? {
    let start = head.fields.arena.count
    head.fields.arena.append(0x2F)
    head.pathTraits.remove(.emptySegment)
    segment = start + 1
    var at = 1
    while at < path.count {
      let byte = path[at]
      if byte == 0x25 {
        guard at + 2 < path.count, let high = ASCII.hexValue(path[at + 1]),
          let low = ASCII.hexValue(path[at + 2])
        else { return "percent-encoding in the path" }
        if let reason = writeEncoded(high << 4 | low, into: &head) { return reason }
        at += 3
        continue
      }
      guard utf8.take(byte) else { return "encoded UTF-8 in the path" }
      recent = 0
      if byte == 0x2F {
        if let reason = endSegment(into: &head, isLast: false) { return reason }
      } else {
        head.fields.arena.append(byte)
      }
      at += 1
    }
    guard utf8.isComplete else { return "encoded UTF-8 in the path" }
    if let reason = endSegment(into: &head, isLast: true) { return reason }
    head.path = Slice(offset: start, count: head.fields.arena.count - start)
    return nil
  }

  private mutating func writeEncoded(_ byte: UInt8, into head: inout RequestHead) -> StaticString? {
    if byte == 0 { return "encoded NUL in the path" }
    guard utf8.take(byte) else { return "encoded UTF-8 in the path" }
    if ASCII.isUnreserved(byte) {
      head.fields.arena.append(byte)
      return nil
    }
    recent = recent << 8 | UInt32(byte)
    switch byte {
    case 0x01...0x1F, 0x2F, 0x5C, 0x3B, 0x25, 0x3F, 0x23, 0x7F:
      head.pathTraits.insert(.encodedDelimiter)
    default: if Self.foldsToDelimiter(recent) { head.pathTraits.insert(.encodedDelimiter) }
    }
    head.fields.arena.append(0x25)
    head.fields.arena.append(Self.digit(byte >> 4))
    head.fields.arena.append(Self.digit(byte & 15))
    return nil
  }

  private mutating func endSegment(into head: inout RequestHead, isLast: Bool) -> StaticString? {
    let count = head.fields.arena.count - segment
    if count == 0 {
      if !isLast { head.pathTraits.insert(.emptySegment) }
    } else if head.fields.arena[segment] == 0x2E {
      if count == 1 {
        head.fields.arena.removeLast()
        return nil
      }
      if head.fields.arena[segment + 1] == 0x2E,
        count == 2 || head.fields.arena[segment + 2] == 0x3B
      {
        return "double dot segment in the path"
      }
    }
    if !isLast {
      head.fields.arena.append(0x2F)
      segment = head.fields.arena.count
    }
    return nil
  }

  /// Whether the bytes end with a character that compatibility folding (NFKC, Unicode Standard
  /// Annex 15) turns into a dot, a slash, a backslash or one of `;%?#`, as some file systems and
  /// servers do behind the gateway (NRM-07).
  private static func foldsToDelimiter(_ recent: UInt32) -> Bool {
    switch recent & 0xFF_FFFF {
    case 0xE2_80A4, 0xE2_80A5, 0xE2_80A6: true  // U+2024 to U+2026, leaders of dots
    case 0xEF_B992, 0xEF_B994, 0xEF_B996, 0xEF_B99F, 0xEF_B9A8, 0xEF_B9AA: true  // small forms
    case 0xEF_BC83, 0xEF_BC85, 0xEF_BC8E, 0xEF_BC8F, 0xEF_BC9B, 0xEF_BC9F, 0xEF_BCBC: true
    default: false
    }
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble + (nibble < 10 ? 0x30 : 0x37) }
}
