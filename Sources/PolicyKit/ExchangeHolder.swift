/// What gives places to exchanges and takes them back.
public protocol ExchangeHolder: AnyObject, Sendable {
  /// An exchange that had a place is over.
  func release(_ key: UsageKey)
}
