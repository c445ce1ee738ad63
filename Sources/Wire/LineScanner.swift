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
    while at < end, ASCII.isFieldValue(bytes[at]) { at += 1 }
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

  mutating func reset() { scanned = 0 }
}
