/// What the walk of a request names exists.
enum WalkRule {
  static let name = "walk"
  static let path = "Documentation/walk-of-a-request.md"

  static func breaches(in repository: Repository) -> [Breach] {
    guard let walk = repository.file(path) else { return [] }
    let sources = repository.sources.filter(\.isSource)
    var known: Set<Substring> = []
    for source in sources { for line in source.code { known.formUnion(SwiftSource.tokens(line)) } }
    let headers = repository.files.filter { $0.path.hasPrefix("Sources/C") && $0.name == "shim.h" }
    for header in headers { for line in header.lines { known.formUnion(SwiftSource.tokens(line)) } }
    return walk.lines.enumerated().flatMap { place, line in
      codeSpans(line).compactMap { span -> Breach? in
        guard let missing = missing(span, known, repository) else { return nil }
        return walk.breach(name, line: place + 1, "'\(missing)' is not in the sources")
      }
    }
  }

  /// What stands between backticks.
  private static func codeSpans(_ line: String) -> [Substring] {
    line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The part of a span that names nothing: a file, or a symbol such as `Type.method(label:)`.
  private static func missing(
    _ span: Substring, _ known: Set<Substring>, _ repository: Repository
  ) -> Substring? {
    if span.hasSuffix(".swift") {
      let isThere = repository.files.contains { $0.path == span || $0.path.hasSuffix("/\(span)") }
      return isThere ? nil : span
    }
    let symbol = span.prefix { $0 != "(" }
    let parts = symbol.split(separator: ".", omittingEmptySubsequences: true)
    let isSymbol = !parts.isEmpty && parts.allSatisfy { $0.allSatisfy(SwiftSource.isWord) }
    let isNumber = symbol.first?.isNumber == true
    guard isSymbol, !isNumber, symbol.count > 2 else { return nil }
    return parts.first { !known.contains($0) }
  }
}
