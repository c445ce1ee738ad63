extension Diagnostics {
  /// Reports a word that is none of `words`, with the nearest of them or else all.
  ///
  /// `what` stands before the word: "unknown key".
  public func refuse(_ what: String, _ text: Text, among words: [String]) {
    let message = "\(what) \(text.shown)"
    if !text.isSecret, let nearest = Spelling.nearest(to: text.string, in: words) {
      error("\(message), did you mean '\(nearest)'?", at: text.position)
      return
    }
    let expected =
      switch words.count {
      case 0: "none"
      case 1: words[0]
      default: "one of \(words.joined(separator: ", "))"
      }
    error(message, expected: expected, at: text.position)
  }
}
