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

  /// Files that `reader` reads; without one there are none.
  public init(
    _ reader: @escaping @Sendable (_ path: String, _ bytesMax: Int) -> Outcome = { _, _ in
      .failed("cannot be read here")
    },
    resolver: @escaping @Sendable (_ path: String) -> String = { $0 }
  ) {
    self.reader = reader
    self.resolver = resolver
  }

  /// Where a file is that a library has to read itself.
  public func path(_ path: String) -> String { resolver(path) }

  /// The content of a file of at most `bytesMax` bytes.
  public func read(_ path: String, bytesMax: Int) -> Outcome { reader(path, bytesMax) }
}
