/// What came of the events for one subscriber.
public struct EventCounts: Sendable {
  /// The subscriber's name.
  public let subscriber: String
  /// Events that it was given.
  public let delivered: UInt64
  /// Events that it was too slow for.
  public let lost: UInt64

  public init(subscriber: String, delivered: UInt64, lost: UInt64) {
    self.subscriber = subscriber
    self.delivered = delivered
    self.lost = lost
  }
}
