/// Each use of `unsafe` has a comment close above it that says why it holds.
enum SafetyRule {
  static let name = "safety"

  /// How far up the comment may stand, in lines.
  static let distanceMax = 8

  static func breaches(in source: SwiftSource) -> [Breach] {
    guard source.isSource else { return [] }
    let handedOn = linesOfUnsafeFunctions(source)
    return source.code.indices.compactMap { line in
      let tokens = source.tokens(line)
      guard let place = tokens.firstIndex(of: "unsafe") else { return nil }
      // An attribute hands the duty to the caller; nonisolated(unsafe) is banned elsewhere.
      if place > 0, tokens[place - 1] == "@" || tokens[place - 1] == "(" { return nil }
      if handedOn.contains(line) || isExplained(source, line) { return nil }
      return source.file.breach(
        name, line: line + 1,
        "'unsafe' without a '// Safety:' line within \(distanceMax) lines above")
    }
  }

  /// The bodies of functions marked `@unsafe`: their callers say why the use holds.
  private static func linesOfUnsafeFunctions(_ source: SwiftSource) -> Set<Int> {
    var lines: Set<Int> = []
    for declaration in source.declarations {
      let line = declaration.line
      let isMarked =
        source.code[line].contains("@unsafe ")
        || (line > 0 && source.code[line - 1].trimmed == "@unsafe")
      guard isMarked, let end = source.bodyEnd(from: line) else { continue }
      lines.formUnion(line...end)
    }
    return lines
  }

  /// Looks up, at most to the comment above the function that the line is in. Lines that are
  /// themselves unsafe do not count as distance: one reason may cover a run of them.
  private static func isExplained(_ source: SwiftSource, _ line: Int) -> Bool {
    var distance = 0
    var at = line
    while at >= 0, distance <= distanceMax {
      if source.comments[at].trimmed.hasPrefix("Safety:") { return true }
      let isUnsafe = source.tokens(at).contains("unsafe")
      let isComment = source.code[at].trimmed.isEmpty && !source.comments[at].isEmpty
      if !isUnsafe, !isComment { distance += 1 }
      at -= 1
    }
    return false
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: Substring {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
