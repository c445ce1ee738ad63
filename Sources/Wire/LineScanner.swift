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
    while at + 8 <= end {
      let special = Self.special(bytes, at)
      if special == 0 {
        at += 8
        continue
      }
      // The lowest mark is exact; those above it may be carried there.
      at += special.trailingZeroBitCount >> 3
      if bytes[at] != 0x09 { break }
      at += 1
    }
    if at + 8 > end {
      while at < end, ASCII.isFieldValue(bytes[at]) { at += 1 }
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

  /// Marks, in the high bit of its lane, the first of the eight bytes from `at` on that is below
  /// space or DEL; 0 if there is none.
  @inline(__always)
  private static func special(_ bytes: Span<UInt8>, _ at: Int) -> UInt64 {
    // Safety: the caller made sure that eight bytes lie there; any of them is a valid integer.
    let loaded = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
    let word = UInt64(littleEndian: loaded)
    let deleted = word ^ 0x7F7F_7F7F_7F7F_7F7F
    let isControl = (word &- 0x2020_2020_2020_2020) & ~word
    let isDelete = (deleted &- 0x0101_0101_0101_0101) & ~deleted
    return (isControl | isDelete) & 0x8080_8080_8080_8080
  }

  mutating func reset() { scanned = 0 }
}
