import Foundation

/// The tree that the rules are held against.
struct Repository {
  let files: [TextFile]
  let sources: [SwiftSource]

  /// The tree that this test was built from, read once.
  static let current = Repository(root: root)

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Made by builds, runs and fuzzers, and ignored by git.
  private static let ignored: Set<String> = [
    ".build", ".git", ".swiftpm", "gatehouse.local", "findings", "__pycache__",
  ]

  init(files: [TextFile]) {
    self.files = files.sorted { $0.path < $1.path }
    sources = self.files.filter(\.isSwift).map { SwiftSource($0) }
  }

  private init(root: URL) {
    var files: [TextFile] = []
    Repository.collect(root, below: "", into: &files)
    self.init(files: files)
  }

  private static func collect(_ folder: URL, below path: String, into files: inout [TextFile]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names.sorted() where !ignored.contains(name) {
      let item = folder.appending(path: name)
      let itemPath = path.isEmpty ? name : "\(path)/\(name)"
      let values = try? item.resourceValues(forKeys: [.isDirectoryKey])
      if values?.isDirectory == true {
        collect(item, below: itemPath, into: &files)
      } else if let text = try? String(contentsOf: item, encoding: .utf8) {
        files.append(TextFile(path: itemPath, text: text))
      }
    }
  }

  func file(_ path: String) -> TextFile? { files.first { $0.path == path } }
}
