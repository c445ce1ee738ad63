/// Nothing is so long that it cannot be taken in: lines, functions, files and folders.
enum LengthRule {
  static let name = "length"

  static let columnsMax = 100
  static let fileLinesMax = 700
  static let functionLinesMax = 70
  static let folderFilesMax = 25

  /// Prose, legal text and what fuzzing starts from are as wide as they are.
  private static func isMeasured(_ file: TextFile) -> Bool {
    if file.path.hasPrefix("Fuzz/"), file.path.contains("/corpus/") { return false }
    let prose = [".md", ".json", ".yaml", ".yml", ".jsonl", ".txt", ".resolved"]
    return file.name != "LICENSE" && !prose.contains { file.name.hasSuffix($0) }
  }

  static func breaches(in file: TextFile) -> [Breach] {
    guard isMeasured(file) else { return [] }
    var result: [Breach] = []
    // A test may hold an expected message, or its own name, in one piece.
    let measured =
      file.path.hasPrefix("Tests/") && file.isSwift ? SwiftSource(file).code : file.lines
    for (place, line) in measured.enumerated() where line.count > columnsMax {
      result.append(
        file.breach(name, line: place + 1, "\(line.count) columns, more than \(columnsMax)"))
    }
    if file.lines.count > fileLinesMax {
      let count = file.lines.count
      result.append(file.breach(name, line: 1, "\(count) lines, more than \(fileLinesMax)"))
    }
    return result
  }

  static func breaches(inFunctionsOf source: SwiftSource) -> [Breach] {
    source.declarations.compactMap { declaration in
      guard ["func", "init", "deinit", "subscript"].contains(declaration.keyword),
        let end = source.bodyEnd(from: declaration.line)
      else { return nil }
      let count = end - declaration.line + 1
      guard count > functionLinesMax else { return nil }
      return source.file.breach(
        name, line: declaration.line + 1,
        "\(declaration.name) has \(count) lines, more than \(functionLinesMax)")
    }
  }

  static func breaches(inFoldersOf repository: Repository) -> [Breach] {
    let measured = repository.files.filter { $0.target != nil }
    return Dictionary(grouping: measured, by: \.folder).compactMap { folder, files in
      guard files.count > folderFilesMax else { return nil }
      return Breach(
        rule: name, path: folder, line: 1,
        message: "\(files.count) files in one folder, more than \(folderFilesMax)")
    }
  }
}
