/// What quotas say of a request.
public struct UsageAnswer: Sendable {
  /// Whether it passes; only then it was counted.
  public var isAllowed = true
  /// The quota that is the nearest to its end: by its place among those asked about.
  public var place = 0
  /// How many more that one lets through.
  public var remaining = UInt64.max
  /// How many it has let through.
  public var used: UInt64 = 0
  /// Whether that is so many that callers are warned.
  public var isWarning = false
  /// Whether the warning, or the refusal, is the first of the period.
  public var isFirst = false

  /// Nothing said yet.
  public init() {}
}
