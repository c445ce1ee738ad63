/// How policies read files that their settings name, while they are compiled.
public struct PolicyFiles: Sendable {
  /// What became of a file.
  public enum Outcome: Sendable {
    case bytes([UInt8])
    /// Why it could not be read, as the end of a sentence about it.
    case failed(String)
  }

  private let reader: @Sendable (_ path: String, _ bytesMax: Int) -> Outcome

  /// Files that `reader` reads; without one there are none.
  public init(
    _ reader: @escaping @Sendable (_ path: String, _ bytesMax: Int) -> Outcome = { _, _ in
      .failed("cannot be read here")
    }
  ) {
    self.reader = reader
  }

  /// The content of a file of at most `bytesMax` bytes.
  public func read(_ path: String, bytesMax: Int) -> Outcome { reader(path, bytesMax) }
}
