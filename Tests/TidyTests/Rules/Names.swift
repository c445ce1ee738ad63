/// The words in a name.
enum Names {
  /// `APIKeyPolicy` has `API`, `Key` and `Policy`; digits belong to the word before them.
  static func words(_ name: String) -> [String] {
    let letters = Array(name)
    var words: [String] = []
    var word = ""
    for (place, letter) in letters.enumerated() {
      let isLast = place == letters.count - 1
      let nextIsLower = !isLast && letters[place + 1].isLowercase
      let beforeIsUpper = place > 0 && letters[place - 1].isUppercase
      if letter.isUppercase, !word.isEmpty, !beforeIsUpper || nextIsLower {
        words.append(word)
        word = ""
      }
      word.append(letter)
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// `APIKey` is `api-key`.
  static func kebab(_ name: String) -> String {
    // A proper name is one word, whatever its letters.
    let plain = name.replacing("OpenAPI", with: "Openapi").replacing("GraphQL", with: "Graphql")
    return words(plain).map { $0.lowercased() }.joined(separator: "-")
  }
}
