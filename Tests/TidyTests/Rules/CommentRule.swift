/// Comments say why: no code that is switched off, and no notes of what is still to be done.
enum CommentRule {
  static let name = "comment"

  /// Words for what is unfinished, written so that this file does not hold them.
  private static let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  static func breaches(in source: SwiftSource) -> [Breach] {
    source.comments.indices.compactMap { line in
      let text = String(source.comments[line].trimmed)
      let isDocumentation = source.file.lines[line].trimmed.hasPrefix("///")
      guard !text.isEmpty, !isDocumentation, isCode(text) else { return nil }
      return source.file.breach(name, line: line + 1, "code that is commented out: delete it")
    }
  }

  /// Whether a comment reads as Swift rather than as a sentence.
  private static func isCode(_ text: String) -> Bool {
    let tokens = SwiftSource.tokens(text)
    guard let first = tokens.first, let last = tokens.last else { return false }
    if first == "}" { return true }
    let second = tokens.dropFirst().first ?? ""
    let third = tokens.dropFirst(2).first ?? ""
    switch first {
    case "let", "var": return third == "=" || third == ":"
    case "import": return tokens.count == 2
    case "func", "private", "public", "static", "internal", "mutating":
      return tokens.contains("func") && tokens.contains("(")
    case "if", "guard", "while", "for", "switch", "else", "do": return last == "{"
    case "return": return last == ")" || last == "]" || tokens.count == 2
    case "try", "await": return last == ")"
    default: break
    }
    if first.first.map(SwiftSource.isWord) != true { return false }
    // A call or an assignment that stands alone.
    let joined = text.prefix { !$0.isWhitespace }
    let isCall =
      joined.contains("(") && last == ")" && !joined.hasPrefix("(") && joined.first != "`"
    let isAssignment = (second == "=" || second == "+=") && tokens.count <= 4
    let isMemberAssignment = second == "." && tokens.dropFirst(3).first == "="
    return isCall || isAssignment || isMemberAssignment
  }

  /// Notes of what is unfinished, in any file of the tree but legal text.
  static func breaches(in file: TextFile) -> [Breach] {
    file.lines.enumerated().flatMap { place, line -> [Breach] in
      let words = line.split { !SwiftSource.isWord($0) }
      return markers.filter { marker in words.contains { $0 == marker } }
        .map { file.breach(name, line: place + 1, "'\($0)': do it, or file it") }
    }
  }
}
