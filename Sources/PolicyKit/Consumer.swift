/// Somebody who calls, as the running plan knows them.
public final class Consumer: Sendable {
  /// The place in the directory, from 0.
  public let index: Int
  public let name: String
  /// The name's bytes, so that the hot path copies and converts nothing.
  public let nameBytes: [UInt8]
  public let roles: Set<String>
  public let groups: Set<String>
  /// Whether the consumer is refused although it is known.
  public let isDisabled: Bool

  public init(
    index: Int, name: String, roles: Set<String>, groups: Set<String>, isDisabled: Bool
  ) {
    self.index = index
    self.name = name
    nameBytes = Array(name.utf8)
    self.roles = roles
    self.groups = groups
    self.isDisabled = isDisabled
  }
}
