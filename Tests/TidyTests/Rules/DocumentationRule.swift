/// Every public item says what it is.
///
/// Not asked for: what a protocol of the standard library demands, an initialiser whose labels are
/// all names of properties, overloads of a function that is documented in the file, and properties
/// right below a documented one, which share its comment.
enum DocumentationRule {
  static let name = "documentation"

  private static let selfEvident: Set<Substring> = [
    "description", "debugDescription", "hash", "encode", "makeIterator", "next", "count", "isEmpty",
    "capacity", "rawValue", "startIndex", "endIndex", "RawValue", "Element", "Iterator",
  ]

  static func breaches(in source: SwiftSource) -> [Breach] {
    guard source.isSource else { return [] }
    let declarations = source.declarations
    let properties = Set(
      declarations.filter { $0.keyword == "var" || $0.keyword == "let" }
        .flatMap { [$0.name] + $0.rest })
    let functions = Set(
      declarations.filter { $0.keyword == "func" && isDocumented(source, $0.line) }.map(\.name))
    return declarations.compactMap { declaration in
      guard declaration.isPublic, declaration.keyword != "extension",
        !isDocumented(source, declaration.line)
      else { return nil }
      let isOverload = declaration.keyword == "func" && functions.contains(declaration.name)
      let isOperator = !(declaration.name.first.map(SwiftSource.isWord) ?? false)
      if isOverload || isOperator || selfEvident.contains(declaration.name) { return nil }
      if declaration.keyword == "init", isMemberwise(source, declaration.line, properties) {
        return nil
      }
      return source.file.breach(
        name, line: declaration.line + 1,
        "the public \(declaration.keyword) \(declaration.name) has no comment")
    }
  }

  /// Whether a `///` line stands right above, attributes and properties of one line left out.
  private static func isDocumented(_ source: SwiftSource, _ line: Int) -> Bool {
    func isProperty(_ line: Int) -> Bool {
      let keyword = source.declaration(line)?.keyword
      return keyword == "let" || keyword == "var"
    }
    var at = line - 1
    while at >= 0 {
      let isAttribute = source.code[at].trimmed.hasPrefix("@") && !isProperty(at)
      guard isAttribute || (isProperty(line) && isProperty(at)) else { break }
      at -= 1
    }
    guard at >= 0 else { return false }
    let text = source.file.lines[at].trimmed
    return text.hasPrefix("///") && text.count > 4
  }

  private static func isMemberwise(
    _ source: SwiftSource, _ line: Int, _ properties: Set<Substring>
  ) -> Bool {
    var labels: [Substring] = []
    var depth = 0
    var expectsLabel = false
    for at in line..<source.code.count {
      for token in source.tokens(at) {
        switch token {
        case "(", "[", "<":
          depth += 1
          if depth == 1 { expectsLabel = true }
        case ")", "]", ">":
          depth -= 1
          if depth == 0 { return labels.allSatisfy { properties.contains($0) } }
        case ",": if depth == 1 { expectsLabel = true }
        default:
          if expectsLabel, depth == 1 {
            labels.append(token)
            expectsLabel = false
          }
        }
      }
    }
    return false
  }
}
