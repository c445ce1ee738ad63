import Base

/// Finds the end of a line, and looks at each byte once however slowly the line arrives.
///
/// A line ends with CR LF and with nothing else: a bare LF or CR, a NUL or another control
/// character is wrong as soon as it is seen (RFC 9112 §2.2).
struct LineScanner {
  enum Finding {
    /// A line of so many bytes, CR LF not counted, stands at the front.
    case line(Int)
    case incomplete
    case tooLong
    case malformed(StaticString)
  }

  /// Bytes at the front that are known to be inside the line.
  private var scanned = 0

  /// Looks for the end of a line of at most `most` bytes, CR LF not counted.
  @inline(__always)
  mutating func find(in bytes: Span<UInt8>, most: Int) -> Finding {
    if most < 0 { return .tooLong }
    let end = min(bytes.count, most)
    var at = scanned
    while true {
      while at + 8 <= end, Self.isPlain(bytes, at) { at += 8 }
      let stop = min(at + 8, end)
      while at < stop, ASCII.isFieldValue(bytes[at]) { at += 1 }
      if at < stop || at == end { break }
    }
    scanned = at
    if at == bytes.count { return .incomplete }
    if bytes[at] == 0x0D {
      if at + 1 == bytes.count { return .incomplete }
      if bytes[at + 1] != 0x0A { return .malformed("bare CR") }
      scanned = 0
      return .line(at)
    }
    if bytes[at] == 0x0A { return .malformed("bare LF") }
    return ASCII.isFieldValue(bytes[at]) ? .tooLong : .malformed("control character")
  }

  /// Whether the eight bytes from `at` on are neither below space nor DEL.
  @inline(__always)
  private static func isPlain(_ bytes: Span<UInt8>, _ at: Int) -> Bool {
    // Safety: the caller made sure that eight bytes lie there; any of them is a valid integer.
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
    let deleted = word ^ 0x7F7F_7F7F_7F7F_7F7F
    let isControl = (word &- 0x2020_2020_2020_2020) & ~word
    let isDelete = (deleted &- 0x0101_0101_0101_0101) & ~deleted
    return (isControl | isDelete) & 0x8080_8080_8080_8080 == 0
  }

  mutating func reset() { scanned = 0 }
}
