public import Formats

/// Roles, and who has them: all that is named has to match, one value of each.
public struct AssignmentBlueprint: Sendable {
  /// The roles that are given.
  public var roles: [String]
  /// To whom.
  public var consumers, groups, certificates: [String]
  /// By the name of a claim, what it may be.
  public var claims: [(name: String, values: [String])]
  /// Where it stands in the file.
  public var position: Position
}
