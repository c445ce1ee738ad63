import Base

/// Whether a text, put into a query, would change what the query asks.
///
/// The text is read as it would be at three places of a query: outside of strings, and within a
/// string of either quote, which it then has to close. What is looked for is structure, such as
/// a truth joined on, a second query, or the rest of the query cut off. Linear in the text.
enum SQLInjection {
  /// What is more than one word, one number, or such with dots and colons.
  private static let telling: TextTraits = [
    .space, .control, .quote, .sign, .comment, .shell, .plus, .foreign,
  ]

  /// Whether `text` is one, whose traits are `traits`.
  static func isFound(_ text: Span<UInt8>, _ traits: TextTraits) -> Bool {
    if text.count < 3 || traits.isDisjoint(with: telling) { return false }
    if isFound(text, within: nil) { return true }
    if traits.isDisjoint(with: .quote) { return false }
    for quote in [UInt8(ascii: "'"), UInt8(ascii: "\"")] {
      if text.indices.contains(where: { text[$0] == quote }), isFound(text, within: quote) {
        return true
      }
    }
    return false
  }

  private static func isFound(_ text: Span<UInt8>, within quote: UInt8?) -> Bool {
    var tokenizer = SQLTokenizer(text, within: quote)
    var window = SQLWindow(within: quote)
    while let token = tokenizer.next(text) {
      window.add(token)
      if window.isTelling { return true }
      while window.fold() { if window.isTelling { return true } }
    }
    window.add(SQLToken(kind: .none))
    return window.isTelling
  }
}
