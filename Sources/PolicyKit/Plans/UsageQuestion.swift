/// One quota that a request is held against.
public struct UsageQuestion: Sendable {
  /// Whose use in which period.
  public let key: UsageKey
  /// How many are let through, and from which use on callers are warned.
  public let limit, warnAt: UInt64
  /// When the period ends, in milliseconds since 1970.
  public let endsMilliseconds: UInt64

  /// A quota of this key.
  public init(key: UsageKey, limit: UInt64, warnAt: UInt64, endsMilliseconds: UInt64) {
    self.key = key
    self.limit = limit
    self.warnAt = warnAt
    self.endsMilliseconds = endsMilliseconds
  }
}
