import Base
import HTTP

/// Reads one field line into a message's fields (RFC 9112 §5).
enum FieldReader {
  /// What becomes of a field with an underscore in its name, which some upstreams take for a dash
  /// and so for another field (NRM-16).
  enum Underscore { case kept, dropped, refused }

  /// Reads the line that `line` holds without its CR LF, every byte of which may stand in a field
  /// value. The name goes into the arena in lower case, the value without white space around it.
  ///
  /// Returns why the line is malformed, or nil.
  @inline(__always)
  static func read(
    _ line: Span<UInt8>, into fields: inout Fields, underscore: Underscore
  ) -> StaticString? {
    let count = line.count
    var hasCapital = false
    var hasUnderscore = false
    var at = NameScanner.prefix(of: line, hasCapital: &hasCapital)
    while at < count, ByteClass.token.contains(line[at]) {
      let byte = line[at]
      if byte &- 0x41 < 26 { hasCapital = true }
      if byte == 0x5F { hasUnderscore = true }
      at += 1
    }
    if hasUnderscore, underscore == .refused { return "underscore in field name" }
    if at == count { return "field line without a colon" }
    if line[at] != 0x3A { return wrongName(line, at: at) }
    if at == 0 { return "empty field name" }
    if hasUnderscore, underscore == .dropped { return nil }
    let stored = fields.store(line: line, lowercasingFirst: hasCapital ? at : 0)
    let name = Slice(offset: Int(stored.offset), count: at)
    var from = at + 1
    var to = count
    while from < to, isSpace(line[from]) { from += 1 }
    while to > from, isSpace(line[to - 1]) { to -= 1 }
    let value = Slice(offset: Int(stored.offset) + from, count: to - from)
    fields.lines.append(FieldLine(name: name, value: value, id: FieldName(fields[name])))
    return nil
  }

  /// Brings the bytes of a slice into lower case.
  static func lowercase(_ slice: Slice, in arena: inout [UInt8]) {
    var bytes = arena.mutableSpan
    ASCII.lowercase(&bytes, slice.range)
  }

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func wrongName(_ line: Span<UInt8>, at: Int) -> StaticString {
    if !isSpace(line[at]) { return "field name is not a token" }
    return at == 0 ? "folded field line" : "white space in or behind a field name"
  }
}
