/// One rule that matched, and where.
public struct RuleMatch: Hashable, Sendable {
  /// The place of the rule in the set.
  public let rule: Int
  /// The part of the request that matched last; nil if it was none, but what rules had noted.
  public let input: Int?
}
