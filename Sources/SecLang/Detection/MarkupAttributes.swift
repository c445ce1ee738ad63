import Base

/// The attributes of a tag.
enum MarkupAttributes {
  /// Whether one of the attributes from `start` on runs something; up to the end of the tag.
  static func isTelling(_ text: Span<UInt8>, from start: Int, isTag: Bool = false) -> Bool {
    var at = start
    while at < text.count {
      while at < text.count, isSeparator(text[at]) { at += 1 }
      guard at < text.count, text[at] != UInt8(ascii: ">") else { return false }
      if isTag, text[at] == UInt8(ascii: "<") { return false }
      let first = at
      let name = name(text, at)
      at = name.end
      while at < text.count, text[at] <= 0x20 { at += 1 }
      guard at < text.count, text[at] == UInt8(ascii: "=") else {
        if at == first { at += 1 }
        continue
      }
      at += 1
      let value = value(text, &at, isTag: isTag)
      if isTelling(text, name.hash, value, isTag: isTag) { return true }
    }
    return false
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"")
      || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") || byte == 0xA0
  }

  private static func name(_ text: Span<UInt8>, _ start: Int) -> (hash: UInt64, end: Int) {
    var at = start
    var hash = SQLWords.seed
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: ":") {
        hash = SQLWords.seed
      } else if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
        || byte == UInt8(ascii: "<") || (byte != 0 && isSeparator(byte))
      {
        break
      } else if byte != 0 {
        hash = SQLWords.add(ASCII.lowercased(byte), to: hash)
      }
      at += 1
    }
    return (hash, at)
  }

  private static func value(
    _ text: Span<UInt8>, _ at: inout Int, isTag: Bool
  ) -> Range<Int> {
    while at < text.count, text[at] <= 0x20 { at += 1 }
    guard at < text.count else { return at..<at }
    let quote = text[at]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") || quote == UInt8(ascii: "`") {
      at += 1
      let start = at
      while at < text.count, text[at] != quote { at += 1 }
      let range = start..<at
      if at < text.count { at += 1 }
      return range
    }
    let start = at
    // A tag that begins within a value is looked at by itself, so that nothing is read twice.
    while at < text.count, text[at] > 0x20, text[at] != UInt8(ascii: ">"),
      !isTag || text[at] != UInt8(ascii: "<")
    {
      at += 1
    }
    return start..<at
  }

  private static func isTelling(
    _ text: Span<UInt8>, _ name: UInt64, _ value: Range<Int>, isTag: Bool
  ) -> Bool {
    let names = MarkupNames.standard
    if names.isEvent(name) { return !value.isEmpty }
    if names.isDocument(name) { return isTag || value.count > 3 }
    if names.isAddress(name) { return MarkupAddress.isScript(text, value, isLoose: true) }
    if names.isStyle(name) { return MarkupAddress.isActiveStyle(text, value) }
    return false
  }
}
