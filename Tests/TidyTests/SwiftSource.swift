/// A Swift file, with what is code and what is comment told apart.
struct SwiftSource {
  let file: TextFile
  /// Per line: the code, without comments and without the content of strings and backticks.
  let code: [String]
  /// Per line: what stands in comments, slashes and stars left out.
  let comments: [String]

  init(_ file: TextFile) {
    self.file = file
    var lexer = SwiftLexer()
    lexer.read(file.lines)
    code = lexer.code
    comments = lexer.comments
  }

  /// A file for the tests of a rule.
  init(path: String = "Sources/Base/Thing.swift", _ text: String) {
    self.init(TextFile(path: path, text: text))
  }

  var path: String { file.path }
  var isSource: Bool { path.hasPrefix("Sources/") }
  var isTest: Bool { path.hasPrefix("Tests/") }

  /// The words and operators of a line of code.
  func tokens(_ line: Int) -> [Substring] { SwiftSource.tokens(code[line]) }

  /// `text` cut into identifiers, numbers, runs of operator characters, and single punctuation.
  static func tokens(_ text: String) -> [Substring] {
    var result: [Substring] = []
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
        continue
      }
      var token = rest.prefix { isWord($0) }
      if token.isEmpty { token = rest.prefix { "+-*/%<>=!&|^~?.".contains($0) } }
      if token.isEmpty { token = rest.prefix(1) }
      result.append(token)
      rest = rest[token.endIndex...]
    }
    return result
  }

  static func isWord(_ character: Character) -> Bool {
    character == "_" || character.isLetter || character.isNumber
  }
}

extension SwiftSource {
  /// A type, function, property or initialiser that a line declares.
  struct Declaration {
    /// `struct`, `func`, `var` and so on.
    let keyword: Substring
    let name: Substring
    let isPublic: Bool
    /// Counted from 0.
    let line: Int
    /// The tokens behind the name, up to the end of the line.
    let rest: ArraySlice<Substring>
  }

  static let typeKeywords: Set<Substring> = [
    "struct", "class", "enum", "protocol", "actor", "typealias",
  ]

  private static let memberKeywords: Set<Substring> = ["func", "var", "let", "init", "subscript"]

  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private", "open", "static", "final",
    "mutating", "nonmutating", "borrowing", "consuming", "override", "convenience", "required",
    "indirect", "nonisolated", "isolated", "lazy", "weak", "unowned", "set", "distributed",
    "dynamic", "optional", "prefix", "postfix", "infix", "inline", "__always", "never",
    "inlinable", "usableFromInline", "discardableResult", "unsafe", "safe", "frozen", "escapable",
    "nonsending", "concurrent", "c",
  ]

  /// What `line` declares, if it begins with a declaration.
  func declaration(_ line: Int) -> Declaration? {
    let tokens = tokens(line)
    var isPublic = false
    for (place, token) in tokens.enumerated() {
      let next = place + 1 < tokens.count ? tokens[place + 1] : ""
      let isClassModifier = token == "class" && (next == "func" || next == "var")
      if isClassModifier { continue }
      let isType = SwiftSource.typeKeywords.contains(token) || token == "extension"
      if isType || SwiftSource.memberKeywords.contains(token) {
        let isNamed = token != "init" && token != "subscript"
        let rest = tokens[min(place + (isNamed ? 2 : 1), tokens.count)...]
        return Declaration(
          keyword: token, name: isNamed ? next : token, isPublic: isPublic, line: line, rest: rest)
      }
      if token == "public" || token == "open" { isPublic = true }
      let isPunctuation = token == "@" || token == "(" || token == ")"
      guard isPunctuation || SwiftSource.modifiers.contains(token) else { return nil }
    }
    return nil
  }

  /// The line of the brace that ends the body of a function; nil if it has none.
  func bodyEnd(from start: Int) -> Int? {
    var braces = 0
    var parentheses = 0
    for line in start..<code.count {
      // A requirement of a protocol ends where the next declaration begins.
      if line > start, braces == 0, parentheses == 0, declaration(line) != nil { return nil }
      for character in code[line] {
        switch character {
        case "(", "[": if braces == 0 { parentheses += 1 }
        case ")", "]": if braces == 0 { parentheses -= 1 }
        case "{": if parentheses == 0 { braces += 1 }
        case "}":
          guard parentheses == 0 else { continue }
          if braces == 0 { return nil }
          braces -= 1
          if braces == 0 { return line }
        default: break
        }
      }
    }
    return nil
  }

  var declarations: [Declaration] { code.indices.compactMap { declaration($0) } }

  /// How deep in braces each line begins.
  var depths: [Int] {
    var depth = 0
    return code.map { line in
      let before = depth
      for character in line.utf8 {
        if character == UInt8(ascii: "{") { depth += 1 }
        if character == UInt8(ascii: "}") { depth -= 1 }
      }
      return before
    }
  }
}
