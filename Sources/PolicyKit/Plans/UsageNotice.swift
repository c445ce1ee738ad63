/// A quota that was nearly or wholly used up, for the log.
public struct UsageNotice: Sendable {
  /// Whose it is, and of which plan and period.
  public let consumer, plan, period: String
  /// How much was used, and how much there is.
  public let used, limit: UInt64

  /// A quota of a consumer.
  public init(consumer: String, plan: String, period: String, used: UInt64, limit: UInt64) {
    self.consumer = consumer
    self.plan = plan
    self.period = period
    self.used = used
    self.limit = limit
  }
}
