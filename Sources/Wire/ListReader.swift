/// Reads comma-separated lists whose elements hold no quoted strings (RFC 9110 §5.6.1).
enum ListReader {
  /// The next element that is not empty, without white space around it, or nil at the end.
  static func next(in value: Span<UInt8>, from at: inout Int) -> Range<Int>? {
    while at < value.count {
      var from = at
      while at < value.count, value[at] != 0x2C { at += 1 }
      var to = at
      if at < value.count { at += 1 }
      while from < to, FieldReader.isSpace(value[from]) { from += 1 }
      while to > from, FieldReader.isSpace(value[to - 1]) { to -= 1 }
      if from < to { return from..<to }
    }
    return nil
  }
}
