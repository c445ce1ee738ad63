/// A file of the tree, by lines.
struct TextFile {
  /// From the root of the tree, without a leading slash.
  let path: String
  let lines: [String]

  init(path: String, text: String) {
    self.path = path
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// The last part of the path.
  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The path up to the last slash, which stays out.
  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The target of a file below `Sources/` or `Tests/`.
  var target: String? {
    let parts = path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    return String(parts[1])
  }

  func breach(_ rule: String, line: Int, _ message: String) -> Breach {
    Breach(rule: rule, path: path, line: line, message: message)
  }
}
