extension JSONTape.Entry {
  /// The text of a string or name in UTF-8, escapes undone; `text` is what the tape was read from.
  public func plain(in text: Span<UInt8>) -> [UInt8] {
    if isEscaped { return JSONEscape.text(text, range) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for at in range { bytes.append(text[at]) }
    return bytes
  }

  /// Whether a string or name says `other`.
  public func says(_ other: Span<UInt8>, in text: Span<UInt8>) -> Bool {
    if isEscaped {
      let own = JSONEscape.text(text, range)
      guard own.count == other.count else { return false }
      for at in other.indices where own[at] != other[at] { return false }
      return true
    }
    guard range.count == other.count else { return false }
    for at in other.indices where text[range.lowerBound + at] != other[at] { return false }
    return true
  }
}
