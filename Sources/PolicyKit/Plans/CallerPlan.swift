public import Formats

/// A plan as policies see it: limits of a consumer's pace, and its quotas by the calendar.
public struct CallerPlan: Sendable {
  /// So many in so many seconds.
  public struct Limit: Hashable, Sendable {
    /// How many, and in how many seconds.
    public let count, seconds: UInt64

    /// So many in so many seconds.
    public init(count: UInt64, seconds: UInt64) {
      self.count = count
      self.seconds = seconds
    }
  }

  /// So many in a period of the calendar.
  public struct Quota: Hashable, Sendable {
    /// How many.
    public let limit: UInt64
    /// In which period.
    public let period: CalendarPeriod
    /// From which use on callers are warned; more than the limit for never.
    public let warnAt: UInt64

    /// So many in a period.
    public init(limit: UInt64, period: CalendarPeriod, warnAt: UInt64) {
      self.limit = limit
      self.period = period
      self.warnAt = warnAt
    }
  }

  /// What it is called.
  public let name: String
  /// Whether it is that of consumers who have none of their own.
  public let isDefault: Bool
  /// Limits of the pace, those of short times first.
  public let limits: [Limit]
  /// At most one for each period, the shortest first.
  public let quotas: [Quota]
  /// Whose calendar counts, and what it is called.
  public let zone: TimeZoneRules
  public let zoneName: String

  /// A plan of that name.
  public init(
    name: String, isDefault: Bool, limits: [Limit], quotas: [Quota], zone: TimeZoneRules,
    zoneName: String
  ) {
    self.name = name
    self.isDefault = isDefault
    self.limits = limits
    self.quotas = quotas
    self.zone = zone
    self.zoneName = zoneName
  }

  /// The plan that a consumer has: its own if there is one of that name, else the default; nil if
  /// there is neither.
  public static func plan(of own: String?, among plans: [CallerPlan]) -> CallerPlan? {
    if let own, let found = plans.first(where: { $0.name == own }) { return found }
    return plans.first { $0.isDefault }
  }
}
