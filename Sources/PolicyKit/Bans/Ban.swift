/// That somebody is kept out for a while, and why.
public struct Ban: Sendable {
  /// Whom it keeps out.
  public let target: BanTarget
  /// Until when, in milliseconds since 1970.
  public let untilMilliseconds: UInt64
  /// Why, in words for the log and for administrators.
  public let reason: String

  /// A ban on `target`.
  public init(_ target: BanTarget, untilMilliseconds: UInt64, reason: String) {
    self.target = target
    self.untilMilliseconds = untilMilliseconds
    self.reason = reason
  }
}
