import Base

/// The names in a `Vary` (RFC 9110 §12.5.5).
public enum VaryNames {
  /// Whether a value names a field, or all of them by `*`.
  public static func contains(_ name: StaticString, in value: Span<UInt8>) -> Bool {
    var at = 0
    while let range = next(in: value, &at) {
      let found = value.extracting(range)
      if ASCII.equals(found, "*") || ASCII.equalsIgnoringCase(found, name) { return true }
    }
    return false
  }

  /// The next name; nil behind the last.
  public static func next(in value: Span<UInt8>, _ at: inout Int) -> Range<Int>? {
    while at < value.count {
      while at < value.count, value[at] == 0x20 || value[at] == 0x09 || value[at] == 0x2C {
        at += 1
      }
      let from = at
      while at < value.count, value[at] != 0x2C, value[at] != 0x20, value[at] != 0x09 { at += 1 }
      if at > from { return from..<at }
    }
    return nil
  }
}
