/// What nobody has a reason to touch: whoever does is up to something.
public struct HoneyBlueprint: Hashable, Sendable {
  /// Paths that are linked nowhere; one that ends in `/` stands for all below it.
  public var paths: [String] = []
  /// Consumers whose credentials were left somewhere to be found.
  public var consumers: [String] = []
  /// Names that nobody has, for those who try passwords.
  public var names: [String] = []

  /// Nothing.
  public init() {}

  /// Whether there is none.
  public var isEmpty: Bool { paths.isEmpty && consumers.isEmpty && names.isEmpty }
}
