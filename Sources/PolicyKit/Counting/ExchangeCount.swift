/// A shared count that was asked for on behalf of an exchange.
public struct ExchangeCount: Sendable {
  /// The policy that asked.
  public let owner: ObjectIdentifier
  /// What was asked.
  public let count: SharedCount
  /// What came of it; nil as long as nothing has.
  public var answer: CountAnswer?

  /// What `owner` asks.
  public init(owner: ObjectIdentifier, count: SharedCount) {
    self.owner = owner
    self.count = count
  }
}
