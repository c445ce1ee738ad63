import Base
import Formats

/// Writes text that others chose into log lines, so that it stays data (CWE-117).
enum LogText {
  /// Appends the beginning of `text`, `max` bytes at most, as a JSON string with its quotes.
  ///
  /// No control character, change of direction or invalid UTF-8 gets through.
  static func json(_ text: Span<UInt8>, max: Int, into line: inout ByteBuffer) {
    JSONWriter.append(quoted: text.extracting(0..<end(of: text, max: max)), to: &line)
  }

  /// Whether `text` stands in a JSON string as it is: printable ASCII without quotes and
  /// backslashes. Looks at eight bytes at a time.
  static func isPlain(_ text: Span<UInt8>) -> Bool {
    if text.count < 8 {
      for index in text.indices where !isPlain(text[index]) { return false }
      return true
    }
    // Safety: eight bytes are loaded at places from 0 to eight before the end alone.
    return unsafe text.withUnsafeBytes { bytes in
      let last = bytes.count - 8
      var at = 0
      while true {
        if !isPlain(unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) {
          return false
        }
        if at == last { return true }
        // The last eight may overlap those before.
        at = min(at + 8, last)
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Eight bytes at once: the high bit of each lane says whether it is one of those to escape.
  /// A lane may say so wrongly above one that says so rightly, which changes nothing.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let isBelowSpace = word &- ones &* 0x20
    let isQuote = (word ^ (ones &* 0x22)) &- ones
    let isBackslash = (word ^ (ones &* 0x5C)) &- ones
    let isDelete = (word ^ (ones &* 0x7F)) &- ones
    return (word | isBelowSpace | isQuote | isBackslash | isDelete) & (ones &* 0x80) == 0
  }

  /// Appends the beginning of `text` for the Common and Combined formats: what is not plain ASCII,
  /// and quotes and backslashes, as `\xHH`. Where a space ends a column, it is written so too.
  static func common(
    _ text: Span<UInt8>, max: Int, isColumn: Bool = false, into line: inout ByteSink
  ) {
    let least: UInt8 = isColumn ? 0x21 : 0x20
    for index in 0..<min(text.count, max) {
      let byte = text[index]
      if byte >= least, isPlain(byte) {
        line.append(byte)
      } else {
        line.append("\\x")
        line.append(digit(byte >> 4))
        line.append(digit(byte & 15))
      }
    }
  }

  /// Appends the beginning of `text`, `max` bytes of it at most, with secrets that show by their
  /// shape as `***`.
  static func shaped(_ text: Span<UInt8>, max: Int, into line: inout ByteBuffer) {
    var start = 0
    while let found = SecretShapes.first(in: text, from: start, before: max) {
      line.append(text.extracting(start..<found.lowerBound))
      line.append("***")
      start = found.upperBound
    }
    if start < min(text.count, max) { line.append(text.extracting(start..<min(text.count, max))) }
  }

  /// Appends a query, `max` bytes of it at most, with the values of secrets as `***`.
  ///
  /// `;` parts parameters as well as `&` does: some upstreams read it so.
  static func query(
    _ query: Span<UInt8>, max: Int, masking names: MaskedNames, into line: inout ByteBuffer
  ) {
    let end = min(query.count, max)
    var start = 0
    while start < end {
      var stop = start
      var equals = -1
      while stop < query.count, !isSeparator(query[stop]) {
        if equals < 0, query[stop] == UInt8(ascii: "=") { equals = stop }
        stop += 1
      }
      if equals >= 0, equals < end, names.covers(query.extracting(start..<equals)) {
        line.append(query.extracting(start..<equals))
        line.append("=***")
      } else {
        shaped(query.extracting(start..<stop), max: end - start, into: &line)
      }
      if stop < end { line.append(query[stop]) }
      start = stop + 1
    }
  }

  /// Appends a URI reference, `max` bytes of it at most, with the secrets of its query masked.
  static func reference(
    _ text: Span<UInt8>, max: Int, masking names: MaskedNames, into line: inout ByteBuffer
  ) {
    let end = min(text.count, max)
    var mark = 0
    while mark < end, text[mark] != UInt8(ascii: "?") { mark += 1 }
    shaped(text, max: mark, into: &line)
    if mark == end { return }
    line.append(UInt8(ascii: "?"))
    query(text.extracting(mark + 1..<text.count), max: end - mark - 1, masking: names, into: &line)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
  }

  /// Where to cut so that `max` is kept and no character of UTF-8 is parted.
  static func end(of text: Span<UInt8>, max: Int) -> Int {
    if text.count <= max { return text.count }
    var end = max
    while end > 0, max - end < 3, text[end] & 0xC0 == 0x80 { end -= 1 }
    return text[end] & 0xC0 == 0x80 ? max : end
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x57) }
}
