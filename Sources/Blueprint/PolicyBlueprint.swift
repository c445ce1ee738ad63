public import Formats

/// A policy by name, with settings that the policy itself reads.
public struct PolicyBlueprint: Sendable {
  /// The policy, as in the catalogue.
  public var name: String
  /// The settings as written; a null if there are none.
  public var node: Node
  /// Where the name stands.
  public var position: Position
}
