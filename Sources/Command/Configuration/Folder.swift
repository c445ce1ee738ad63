/// A folder that relative paths start at.
struct Folder: Sendable {
  /// Empty for the current folder, else with a slash at its end.
  private let prefix: String

  /// The folder at `path`.
  init(_ path: String) { prefix = path.isEmpty || path.hasSuffix("/") ? path : path + "/" }

  /// The folder that the file at `path` is in.
  init(of path: String) {
    prefix = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// `path` as it is from the current folder.
  func path(_ path: String) -> String { path.hasPrefix("/") ? path : prefix + path }
}
