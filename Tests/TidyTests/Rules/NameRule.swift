/// A file is named after its main type, and no name says nothing.
enum NameRule {
  static let name = "name"

  /// Words that say nothing about what a thing is.
  private static let emptyWords: Set<String> = [
    "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Impl",
  ]

  static func breaches(in source: SwiftSource) -> [Breach] {
    let stem = String(source.file.name.dropLast(".swift".count))
    var result: [Breach] = []
    if let word = emptyWord(in: String(stem.prefix { $0 != "+" })) {
      result.append(source.file.breach(name, line: 1, "'\(word)' in the file's name says nothing"))
    }
    for declaration in source.declarations
    where SwiftSource.typeKeywords.contains(declaration.keyword) {
      guard let word = emptyWord(in: String(declaration.name)) else { continue }
      result.append(
        source.file.breach(
          name, line: declaration.line + 1, "'\(word)' in \(declaration.name) says nothing"))
    }
    return result
  }

  private static func emptyWord(in name: String) -> String? {
    let words = Names.words(name)
    if words.count > 1, words[0] == "Base" || words[0] == "Abstract" { return words[0] }
    return words.first { emptyWords.contains($0) }
  }

  /// The file's name against what it declares, and one public type in a file.
  static func breaches(inFileNameOf source: SwiftSource) -> [Breach] {
    let isMain = source.file.name == "main.swift"
    guard source.isSource, !isMain, source.code.contains(where: { !$0.isEmpty }) else { return [] }
    let parts = source.file.name.dropLast(".swift".count).split(separator: "+")
    guard let stem = parts.first else { return [] }
    let depths = source.depths
    let top = source.declarations.filter { depths[$0.line] == 0 }
    let types = top.filter { SwiftSource.typeKeywords.contains($0.keyword) }
    var result: [Breach] = []
    let isNamed =
      parts.count > 1
      ? top.contains { $0.keyword == "extension" && extended($0).contains(stem) }
        || types.contains { $0.name == stem }
      : types.contains { $0.name == stem } || top.contains { isFunction($0, named: stem) }
    if !isNamed {
      let expected = parts.count > 1 ? "extension of '\(stem)'" : "type '\(stem)'"
      result.append(source.file.breach(name, line: 1, "the file declares no \(expected)"))
    }
    for other in types.filter(\.isPublic).dropFirst() {
      result.append(
        source.file.breach(
          name, line: other.line + 1, "a second public type, \(other.name): give it a file"))
    }
    return result
  }

  /// The parts of the name that an extension extends: `Text.Kind` are two.
  private static func extended(_ declaration: SwiftSource.Declaration) -> [Substring] {
    [declaration.name]
      + declaration.rest.prefix { $0 == "." || $0.first.map(SwiftSource.isWord) ?? false }
  }

  private static func isFunction(_ declaration: SwiftSource.Declaration, named stem: Substring)
    -> Bool
  {
    declaration.keyword == "func" && declaration.name.lowercased() == stem.lowercased()
  }
}
