/// The time of the stream of events: it never runs back, and no event moves it beyond what the
/// clock of the machine allows.
///
/// Events of several loops come in no order, and one that was damaged may bear any time.
public struct StreamClock: Sendable {
  /// How far ahead of the machine's clock an event may be, in milliseconds.
  static let aheadMax: UInt64 = 60_000

  /// The time, in milliseconds since 1970; 0 before the first event.
  public private(set) var now: UInt64 = 0
  /// What the clock of the machine showed last.
  public var machine: UInt64 = .max

  /// No time yet.
  public init() {}

  /// Takes the time of an event, and tells the time of the stream.
  @inline(__always)
  @discardableResult
  public mutating func advance(to time: UInt64) -> UInt64 {
    let (bound, hasOverflown) = machine.addingReportingOverflow(StreamClock.aheadMax)
    now = max(now, hasOverflown ? time : min(time, bound))
    return now
  }
}
