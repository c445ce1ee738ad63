/// A piece of text from a configuration, with its place and whether it is a secret.
public struct Text: Hashable, Sendable {
  /// The text, references resolved.
  public let string: String
  /// Where it begins.
  public let position: Position
  /// Whether it came from `${…}`, so that no message may show it.
  public let isSecret: Bool

  /// A text at a place.
  public init(_ string: String, at position: Position, isSecret: Bool = false) {
    self.string = string
    self.position = position
    self.isSecret = isSecret
  }

  /// The text as a message may show it: quoted, short and on one line, or "the secret value".
  public var shown: String { isSecret ? "the secret value" : quoted(string) }
}
