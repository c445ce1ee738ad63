/// Imports follow the table; a C module has its few importers; `Package.swift` says no more.
enum ImportRule {
  static let name = "import"

  static func breaches(in source: SwiftSource) -> [Breach] {
    guard let target = source.file.target else { return [] }
    var result: [Breach] = []
    for line in source.code.indices {
      guard let module = imported(source.tokens(line)) else { continue }
      func breach(_ message: String) {
        result.append(source.file.breach(name, line: line + 1, message))
      }
      if let importers = ImportTable.importersOfC[module], !importers.contains(tested(target)) {
        breach("the C module \(module) is for \(importers.sorted()) alone, not \(target)")
      } else if source.isSource {
        guard let allowed = ImportTable.allowed[target] else {
          breach("the target \(target) is not in the import table")
          continue
        }
        if !allowed.contains(module), !ImportTable.everywhere.contains(module) {
          breach("\(target) may not import \(module)")
        }
      }
    }
    return result
  }

  /// `TLS` for `TLSTests`: tests may do what the target does.
  private static func tested(_ target: String) -> String {
    target.hasSuffix("Tests") ? String(target.dropLast("Tests".count)) : target
  }

  /// The module that a line imports: `public import struct Base.Slice` imports `Base`.
  private static func imported(_ tokens: [Substring]) -> String? {
    guard let place = tokens.firstIndex(of: "import"), place + 1 < tokens.count else { return nil }
    let words: Set<Substring> = [
      "public", "package", "internal", "private", "fileprivate", "@", "testable", "preconcurrency",
      "(", ")", "exported", "_exported",
    ]
    guard tokens[..<place].allSatisfy(words.contains) else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
    let first = tokens[place + 1]
    if kinds.contains(first), place + 2 < tokens.count { return String(tokens[place + 2]) }
    return String(first)
  }

  /// The dependencies that `Package.swift` declares for its modules.
  static func breaches(inPackage file: TextFile) -> [Breach] {
    let text = file.lines.joined(separator: " ")
    return text.components(after: "module(").flatMap { part -> [Breach] in
      guard let end = part.firstIndex(of: ")") else { return [] }
      let names = part[..<end].split(separator: "\"", omittingEmptySubsequences: false)
        .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      guard let target = names.first, !names.isEmpty else { return [] }
      guard let allowed = ImportTable.allowed[target] else {
        return [file.breach(name, line: 1, "the target \(target) is not in the import table")]
      }
      return names.dropFirst().filter { !allowed.contains($0) }
        .map { file.breach(name, line: 1, "\(target) may not depend on \($0)") }
    }
  }
}

extension String {
  /// What stands behind each `mark`, up to the next.
  func components(after mark: String) -> [Substring] {
    var result: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: mark) {
      rest = rest[range.upperBound...]
      result.append(rest[..<(rest.firstRange(of: mark)?.lowerBound ?? rest.endIndex)])
    }
    return result
  }
}
