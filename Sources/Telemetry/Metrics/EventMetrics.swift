/// What came of the events, for the metrics.
public struct EventMetrics: Sendable {
  /// What came of them at one output.
  public struct Output: Sendable {
    let name: String
    let sent, rejected, lost, failures, waitingBytes: UInt64

    /// The counts of an output.
    public init(
      name: String, sent: UInt64, rejected: UInt64, lost: UInt64, failures: UInt64,
      waitingBytes: UInt64
    ) {
      self.name = name
      self.sent = sent
      self.rejected = rejected
      self.lost = lost
      self.failures = failures
      self.waitingBytes = waitingBytes
    }
  }

  let streams: [EventCounts]
  let storeLost: UInt64?
  let outputs: [Output]

  /// The counts of all who read events; `storeLost` is nil if there is no store.
  public init(streams: [EventCounts], storeLost: UInt64?, outputs: [Output]) {
    self.streams = streams
    self.storeLost = storeLost
    self.outputs = outputs
  }
}
