public import Formats

/// How the content of a response is encoded.
public struct ResponseCoding: Hashable, Sendable {
  /// The coding.
  public let coding: ContentCoding
  /// One of the coding's levels.
  public let level: Int

  /// A coding at a level.
  public init(_ coding: ContentCoding, level: Int) {
    self.coding = coding
    self.level = level
  }
}
