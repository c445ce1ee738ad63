/// White space as rules see it: a blank, the controls that move, and the blank that does not break.
enum WhitespaceForm {
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 || byte == 0xA0 }

  static func remove(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    for at in text.indices where !isSpace(text[at]) { output.append(text[at]) }
  }

  /// Appends `text` with each run of white space as one blank.
  static func compress(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var wasSpace = false
    for at in text.indices {
      let isSpace = isSpace(text[at])
      if !isSpace {
        output.append(text[at])
      } else if !wasSpace {
        output.append(0x20)
      }
      wasSpace = isSpace
    }
  }

  static func trim(_ text: Span<UInt8>, _ output: inout [UInt8], left: Bool, right: Bool) {
    var start = 0
    var end = text.count
    if left { while start < end, isSpace(text[start]) { start += 1 } }
    if right { while end > start, isSpace(text[end - 1]) { end -= 1 } }
    for at in start..<end { output.append(text[at]) }
  }
}
