/// Links of a document lead to files and headings that are there.
enum LinkRule {
  static let name = "link"

  static func breaches(in repository: Repository) -> [Breach] {
    repository.files.filter { $0.path.hasSuffix(".md") }.flatMap { document in
      document.lines.enumerated().flatMap { place, line in
        targets(in: line).compactMap { target -> Breach? in
          guard let problem = problem(with: target, in: document, repository) else { return nil }
          return document.breach(name, line: place + 1, problem)
        }
      }
    }
  }

  /// What stands in parentheses right behind a bracket, unless it is code, or leads out of the tree.
  private static func targets(in line: String) -> [Substring] {
    let spans = line.split(separator: "`", omittingEmptySubsequences: false)
    let prose = spans.enumerated().map { $0.offset % 2 == 0 ? $0.element : "_" }.joined()
    return prose.components(after: "](").map { $0.prefix { $0 != ")" } }
      .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
  }

  private static func problem(
    with target: Substring, in document: TextFile, _ repository: Repository
  ) -> String? {
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path =
      parts[0].isEmpty ? document.path : resolved(parts[0], from: document.folder)
    let isFolder = repository.files.contains { $0.path.hasPrefix(path + "/") }
    guard let file = repository.file(path) else {
      return isFolder ? nil : "there is no \(path)"
    }
    guard parts.count > 1 else { return nil }
    let isThere = file.lines.contains { $0.hasPrefix("#") && anchor(of: $0) == parts[1] }
    return isThere ? nil : "there is no heading '\(parts[1])' in \(path)"
  }

  private static func resolved(_ path: Substring, from folder: String) -> String {
    var parts = folder.split(separator: "/")
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// `## The whole file` is `the-whole-file`.
  private static func anchor(of heading: String) -> String {
    let text = heading.drop { $0 == "#" || $0 == " " }.lowercased()
    return String(text.filter { SwiftSource.isWord($0) || $0 == "-" || $0 == " " })
      .replacing(" ", with: "-")
  }
}
