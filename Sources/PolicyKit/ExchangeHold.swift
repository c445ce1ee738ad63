/// A place among those under way that an exchange has until it is over, however it ends.
public struct ExchangeHold: Sendable {
  /// Whose place it is.
  public let holder: any ExchangeHolder
  /// For whom it was taken.
  public let key: UsageKey

  /// A place of `holder`.
  public init(_ holder: any ExchangeHolder, key: UsageKey) {
    self.holder = holder
    self.key = key
  }
}
