import Base

/// Whether a text, put into a page, would run a script or take the page over.
///
/// The text is read as it would be at the places of a page where texts are put: between tags,
/// within a value in quotes of each kind, which it then has to close, within a value without
/// quotes, and as an address. Linear in the text.
enum MarkupInjection {
  private static let telling: TextTraits = [.comment, .quote, .colon, .sign]

  /// Whether `text` is one, whose traits are `traits`.
  static func isFound(_ text: Span<UInt8>, _ traits: TextTraits) -> Bool {
    if text.count < 6 || traits.isDisjoint(with: telling) { return false }
    if MarkupAddress.isScript(text, 0..<text.count, isLoose: false) { return true }
    if hasTag(text) { return true }
    // Handlers need a sign of equality, wherever they are put.
    guard let equals = text.indices.first(where: { text[$0] == UInt8(ascii: "=") }), equals > 4
    else { return false }
    for quote in [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")] {
      guard let at = text.indices.first(where: { text[$0] == quote }) else { continue }
      if MarkupAttributes.isTelling(text, from: at + 1) { return true }
    }
    return MarkupAttributes.isTelling(text, from: 0)
  }

  /// Whether a tag begins somewhere that does harm.
  private static func hasTag(_ text: Span<UInt8>) -> Bool {
    var at = 0
    while at + 1 < text.count {
      guard text[at] == UInt8(ascii: "<") else {
        at += 1
        continue
      }
      at += 1
      let next = text[at]
      if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
        if isDeclaration(text, at + 1, isInstruction: next == UInt8(ascii: "?")) { return true }
      } else if next == UInt8(ascii: "/") {
        let name = name(text, at + 1)
        if MarkupNames.standard.closes(name.hash) { return true }
      } else if ASCII.isAlpha(next) || next == 0 {
        let name = name(text, at)
        if MarkupNames.standard.opens(name.hash), isTagEnd(text, name.end) { return true }
        if MarkupAttributes.isTelling(text, from: name.end, isTag: true) { return true }
      }
    }
    return false
  }

  /// Whether what stands at the end of a name ends it: `<script` in a word is none.
  private static func isTagEnd(_ text: Span<UInt8>, _ at: Int) -> Bool {
    at >= text.count || text[at] <= 0x20 || "/>=\"'+(<&;".utf8.contains(text[at])
  }

  /// The hash of a name's letters, that of what follows a colon if there is one.
  static func name(_ text: Span<UInt8>, _ start: Int) -> (hash: UInt64, end: Int) {
    var at = start
    var hash = SQLWords.seed
    while at < text.count {
      let byte = text[at]
      if ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") {
        hash = SQLWords.add(ASCII.lowercased(byte), to: hash)
      } else if byte == UInt8(ascii: ":") {
        hash = SQLWords.seed
      } else if byte != 0 {
        break
      }
      at += 1
    }
    return (hash, at)
  }

  /// `<!entity`, `<!doctype … [`, `<![cdata[`, `<!--[if`, `<?xml-stylesheet`, `<?import`.
  private static func isDeclaration(
    _ text: Span<UInt8>, _ start: Int, isInstruction: Bool
  ) -> Bool {
    let words: [StaticString] =
      isInstruction
      ? ["import", "xml-stylesheet", "php", "="]
      : ["entity", "attlist", "element", "doctype", "[cdata[", "--[if"]
    for word in words {
      let end = start + word.utf8CodeUnitCount
      if end <= text.count, ASCII.equalsIgnoringCase(text.extracting(start..<end), word) {
        return true
      }
    }
    return false
  }
}
