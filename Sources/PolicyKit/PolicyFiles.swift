/// How policies read files that their settings name, while they are compiled.
public struct PolicyFiles: Sendable {
  /// What became of a file.
  public enum Outcome: Sendable {
    case bytes([UInt8])
    /// Why it could not be read, as the end of a sentence about it.
    case failed(String)
  }

  private let reader: @Sendable (_ path: String, _ bytesMax: Int) -> Outcome
  private let resolver: @Sendable (_ path: String) -> String
  private let lister: @Sendable (_ folder: String) -> [String]?

  /// Files that `reader` reads, in folders that `lister` lists; without them there are none.
  public init(
    _ reader: @escaping @Sendable (_ path: String, _ bytesMax: Int) -> Outcome = { _, _ in
      .failed("cannot be read here")
    },
    resolver: @escaping @Sendable (_ path: String) -> String = { $0 },
    listing lister: @escaping @Sendable (_ folder: String) -> [String]? = { _ in nil }
  ) {
    self.reader = reader
    self.resolver = resolver
    self.lister = lister
  }

  /// Where a file is that a library has to read itself.
  public func path(_ path: String) -> String { resolver(path) }

  /// The names of what is in a folder, in no order; nil if there is no such folder.
  public func list(_ folder: String) -> [String]? { lister(folder) }

  /// The content of a file of at most `bytesMax` bytes.
  public func read(_ path: String, bytesMax: Int) -> Outcome { reader(path, bytesMax) }
}
