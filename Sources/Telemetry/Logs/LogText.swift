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

  /// Appends the beginning of `text` for the Common and Combined formats: what is not plain ASCII,
  /// and quotes and backslashes, as `\xHH`. Where a space ends a column, it is written so too.
  static func common(
    _ text: Span<UInt8>, max: Int, isColumn: Bool = false, into line: inout ByteBuffer
  ) {
    let least: UInt8 = isColumn ? 0x21 : 0x20
    for index in 0..<min(text.count, max) {
      let byte = text[index]
      if byte >= least, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        line.append(byte)
      } else {
        line.append("\\x")
        line.append(digit(byte >> 4))
        line.append(digit(byte & 15))
      }
    }
  }

  /// Appends the content of a buffer as a JSON string.
  static func json(_ text: borrowing ByteBuffer, max: Int, into line: inout ByteBuffer) {
    json(text.readable, max: max, into: &line)
  }

  /// Appends the content of a buffer for the Common and Combined formats.
  static func common(
    _ text: borrowing ByteBuffer, max: Int, isColumn: Bool = false, into line: inout ByteBuffer
  ) {
    common(text.readable, max: max, isColumn: isColumn, into: &line)
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
        line.append(query.extracting(start..<min(stop, end)))
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
    line.append(text.extracting(0..<mark))
    if mark == end { return }
    line.append(UInt8(ascii: "?"))
    query(text.extracting(mark + 1..<text.count), max: end - mark - 1, masking: names, into: &line)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
  }

  /// Where to cut so that `max` is kept and no character of UTF-8 is parted.
  private static func end(of text: Span<UInt8>, max: Int) -> Int {
    if text.count <= max { return text.count }
    var end = max
    while end > 0, max - end < 3, text[end] & 0xC0 == 0x80 { end -= 1 }
    return text[end] & 0xC0 == 0x80 ? max : end
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x57) }
}
