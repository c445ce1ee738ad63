public import Formats

/// What a consumer may use: limits of its pace, and quotas by the calendar.
public struct PlanBlueprint: Sendable {
  /// So many in a period of the calendar.
  public struct Quota: Sendable {
    /// How many.
    public var limit: UInt64
    /// In which period.
    public var period: CalendarPeriod
    /// From which use on callers are warned; nil for never.
    public var warnAt: UInt64?
  }

  /// Unique among the plans.
  public var name: String
  /// Whether it is that of consumers who have none of their own.
  public var isDefault: Bool
  /// Limits of the pace, those of short times first.
  public var limits: [Frequency]
  /// At most one for each period, the shortest first.
  public var quotas: [Quota]
  /// The time zone whose calendar counts, such as `Europe/Berlin`; nil for UTC.
  public var timeZone: Text?
  /// Where it stands in the file.
  public var position: Position
}
