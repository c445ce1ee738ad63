public import Formats

/// Somebody who calls: a program or a person with keys, roles and groups.
public struct ConsumerBlueprint: Sendable {
  /// Unique among the consumers.
  public var name: String
  /// Hashes of the keys; none belongs to two consumers.
  public var apiKeys: [KeyDigest]
  public var roles: [String]
  public var groups: [String]
  /// Whether the consumer is refused although it is known.
  public var disabled: Bool
  public var position: Position
}
