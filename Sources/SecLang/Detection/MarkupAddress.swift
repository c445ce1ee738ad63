import Base

/// Addresses and styles that run scripts.
enum MarkupAddress {
  /// Whether what stands in `range` is an address that runs a script. If it is not `isLoose`, it
  /// has to look like a script behind its scheme, since texts may begin with such a word.
  static func isScript(_ text: Span<UInt8>, _ range: Range<Int>, isLoose: Bool) -> Bool {
    var at = range.lowerBound
    // Browsers pass over blanks and controls before and within a scheme (WHATWG URL §4.4).
    func skip() { while at < range.upperBound, text[at] <= 0x20 || text[at] == 0x7F { at += 1 } }
    var hash = SQLWords.seed
    skip()
    let start = at
    while at < range.upperBound, at - start < 32, text[at] != UInt8(ascii: ":") {
      guard ASCII.isAlpha(text[at]) || text[at] == UInt8(ascii: "-") else { return false }
      hash = SQLWords.add(ASCII.lowercased(text[at]), to: hash)
      at += 1
      if isLoose || (at < range.upperBound && text[at] < 0x20) { skip() }
    }
    guard at < range.upperBound, text[at] == UInt8(ascii: ":") else { return false }
    at += 1
    let rest = at..<range.upperBound
    switch hash {
    case scripts.0, scripts.1, scripts.2, scripts.3:
      if isLoose { return true }
      return rest.contains { at in
        "(=`[\\%".utf8.contains(text[at]) || (text[at] == UInt8(ascii: "/") && at < start + 14)
      }
    case data:
      return isPage(text, rest)
    default: return false
    }
  }

  private static let scripts = (
    hash("javascript"), hash("vbscript"), hash("livescript"), hash("view-source")
  )
  private static let data = hash("data")

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(SQLWords.seed) { SQLWords.add($1, to: $0) }
  }

  /// Whether `data:` holds a page or a script and not a picture.
  private static func isPage(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for word: StaticString in [
      "text/html", "image/svg", "application/xhtml", "text/xml",
      "application/xml", "text/javascript", "application/javascript", "application/x-javascript",
    ] {
      let end = range.lowerBound + word.utf8CodeUnitCount
      if end <= range.upperBound,
        ASCII.equalsIgnoringCase(text.extracting(range.lowerBound..<end), word)
      {
        return true
      }
    }
    return false
  }

  /// Whether a style runs something, as old browsers let it.
  static func isActiveStyle(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let words: [StaticString] = [
      "expression", "javascript:", "-moz-binding", "behavior", "@import",
    ]
    var at = range.lowerBound
    while at < range.upperBound {
      for word in words {
        let end = at + word.utf8CodeUnitCount
        if end <= range.upperBound, ASCII.equalsIgnoringCase(text.extracting(at..<end), word) {
          return true
        }
      }
      at += 1
    }
    return false
  }
}
