/// Each limit has a default, a reason, a range, and a line in the guide.
enum LimitsRule {
  static let name = "limits"
  static let guide = "Documentation/guide/configuration.md"

  static func breaches(in repository: Repository) -> [Breach] {
    guard let limits = repository.sources.first(where: { $0.path == "Sources/Base/Limits.swift" })
    else { return [] }
    let bounds = repository.file("Sources/Base/Limits+Bounds.swift")
    var result: [Breach] = []
    for declaration in limits.declarations where declaration.keyword == "var" {
      let line = declaration.line
      func breach(_ message: String) {
        result.append(limits.file.breach(name, line: line + 1, message))
      }
      if line == 0 || !limits.file.lines[line - 1].trimmed.hasPrefix("///") {
        breach("\(declaration.name) does not say why it has its default")
      }
      let mark = "\\.\(declaration.name))"
      if bounds?.lines.contains(where: { $0.contains(mark) }) != true {
        breach("\(declaration.name) has no range in Limits.bounds")
      }
    }
    return result + breaches(inGuideOf: repository)
  }

  /// The keys of the bounds that the guide does not name.
  private static func breaches(inGuideOf repository: Repository) -> [Breach] {
    guard let bounds = repository.file("Sources/Base/Limits+Bounds.swift") else { return [] }
    let guide = repository.file(guide)?.lines ?? []
    return bounds.lines.enumerated().compactMap { place, line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard line.trimmed.hasPrefix("Bound(\""), parts.count > 2 else { return nil }
      if guide.contains(where: { $0.contains("`\(parts[1])`") }) { return nil }
      return bounds.breach(name, line: place + 1, "the guide does not name '\(parts[1])'")
    }
  }
}
