public import Formats

/// A role: what whoever has it may do.
public struct RoleBlueprint: Sendable {
  /// What it permits; nil matches everything, and all that is named has to match.
  public struct Permission: Sendable {
    /// The names of what it permits.
    public var services, routes, methods, operations: [String]?
  }

  /// Unique among the roles.
  public var name: String
  /// Roles whose permissions it has too.
  public var inherited: [String]
  /// What it permits, beyond what it inherits.
  public var permissions: [Permission]
  /// Where it stands in the file.
  public var position: Position
}
