import Synchronization
import Telemetry

/// What all loops found out about the store of shared counts: kept over reloads, told by metrics.
public final class CounterStatus: Sendable {
  private let answered = Atomic<UInt64>(0)
  private let unanswered = Atomic<UInt64>(0)
  private let failures = Atomic<UInt64>(0)
  private let connected = Atomic<Int>(0)
  private let isDown = Atomic<Bool>(false)

  /// Nothing is known yet.
  public init() {}

  /// Requests whose counts were told.
  public var answeredCount: UInt64 { answered.load(ordering: .relaxed) }
  /// Requests whose counts were not: the rule's `when-down` decided.
  public var unansweredCount: UInt64 { unanswered.load(ordering: .relaxed) }
  /// Connections that were lost or could not be had.
  public var failureCount: UInt64 { failures.load(ordering: .relaxed) }
  /// Loops that have a connection.
  public var connectedCount: Int { connected.load(ordering: .relaxed) }

  func counted() { answered.wrappingAdd(1, ordering: .relaxed) }

  func missed() { unanswered.wrappingAdd(1, ordering: .relaxed) }

  /// A loop's connection works.
  func opened(_ label: String) {
    connected.wrappingAdd(1, ordering: .relaxed)
    if isDown.exchange(false, ordering: .relaxed) {
      ErrorLog.notice("\(label): they are shared again")
    }
  }

  /// A loop's connection is closed; `worked` is whether it did.
  func closed(worked: Bool) {
    if worked { connected.wrappingSubtract(1, ordering: .relaxed) }
  }

  /// The store answers, and counts nothing: it has no memory left, say, or the user has no right.
  func refused(_ label: String, _ words: [UInt8]) {
    failures.wrappingAdd(1, ordering: .relaxed)
    ErrorLog.error("\(label): it says: \(String(decoding: words, as: UTF8.self))")
  }

  /// A connection was lost or could not be had.
  func failed(_ label: String, _ reason: String) {
    failures.wrappingAdd(1, ordering: .relaxed)
    isDown.store(true, ordering: .relaxed)
    // All loops and tries say the same, which the log tells seldom.
    ErrorLog.error("\(label): \(reason); limits that are shared decide by 'when-down'")
  }
}
