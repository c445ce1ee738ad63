public import Formats

/// Somebody who calls: a program or a person with keys, roles and groups.
public struct ConsumerBlueprint: Sendable {
  /// Unique among the consumers.
  public var name: String
  /// The keys; none belongs to two consumers.
  public var apiKeys: [KeyBlueprint]
  /// What it may do, by the policy `access`.
  public var roles: [String]
  /// What it belongs to, by the policy `access`.
  public var groups: [String]
  /// What it may use; nil for what is the default.
  public var plan: String?
  /// Whether the consumer is refused although it is known.
  public var disabled: Bool
  /// Where it stands in the file.
  public var position: Position
}
