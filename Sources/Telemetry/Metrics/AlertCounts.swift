/// What came of looking for attacks and faults.
public struct AlertCounts: Sendable {
  /// Alerts that were opened, by detector.
  public var opened: [(detector: String, count: UInt64)]
  /// Findings that made no alert, since there were too many.
  public var overflow: UInt64
  /// Blocks of events that could not be read to their end.
  public var damaged: UInt64

  public init(
    opened: [(detector: String, count: UInt64)], overflow: UInt64, damaged: UInt64
  ) {
    self.opened = opened
    self.overflow = overflow
    self.damaged = damaged
  }
}
