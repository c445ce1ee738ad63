/// A value by which records can be found beside their identifier. It stands in clear: what is
/// secret or personal goes through `Vault.blinded` first.
public struct IndexValue: Hashable, Sendable {
  /// What is found by.
  public let name: String
  public let value: String
  /// Whether no other record of the kind may have the same.
  public let isUnique: Bool

  /// A value under a name.
  public init(_ name: String, _ value: String, isUnique: Bool = false) {
    self.name = name
    self.value = value
    self.isUnique = isUnique
  }
}
