/// Each refusal of the catalogue is explained in the guide, and the guide explains no other.
enum ProblemRule {
  static let name = "problem"
  static let catalogue = "Sources/HTTP/Problem.swift"
  static let guide = "Documentation/guide/errors.md"

  static func breaches(in repository: Repository) -> [Breach] {
    guard let catalogue = repository.file(catalogue), let guide = repository.file(guide)
    else { return [] }
    return breaches(catalogue: catalogue, guide: guide)
  }

  static func breaches(catalogue: TextFile, guide: TextFile) -> [Breach] {
    let declared = codes(of: catalogue) { line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard line.hasPrefix("case ."), parts.count == 3, isCode(parts[1]) else { return nil }
      return String(parts[1])
    }
    let explained = codes(of: guide) { line in
      let parts = line.split(separator: "`", omittingEmptySubsequences: false)
      guard line.hasPrefix("| `"), parts.count > 2, parts[2].hasPrefix(" |"), isCode(parts[1])
      else { return nil }
      return String(parts[1])
    }
    return catalogue.breaches(declared, missingIn: explained, "the guide does not explain")
      + guide.breaches(explained, missingIn: declared, "the catalogue does not have")
  }

  private static func isCode(_ text: Substring) -> Bool {
    !text.isEmpty && text.allSatisfy { $0 == "-" || ("a"..."z").contains($0) }
  }

  private static func codes(
    of file: TextFile, _ code: (String) -> String?
  ) -> [(code: String, line: Int)] {
    file.lines.enumerated().compactMap { place, line in
      code(String(line.trimmed)).map { ($0, place + 1) }
    }
  }
}

extension TextFile {
  fileprivate func breaches(
    _ codes: [(code: String, line: Int)], missingIn others: [(code: String, line: Int)],
    _ words: String
  ) -> [Breach] {
    codes.filter { code in !others.contains { $0.code == code.code } }
      .map { breach(ProblemRule.name, line: $0.line, "\(words) '\($0.code)'") }
  }
}
