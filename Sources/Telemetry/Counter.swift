import Synchronization

/// A count that one thread adds to and any thread reads; adding takes no locked instruction.
final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  /// Adds; for the thread that owns the counter alone.
  @inline(__always)
  func add(_ more: UInt64 = 1) {
    count.store(count.load(ordering: .relaxed) &+ more, ordering: .relaxed)
  }

  var value: UInt64 { count.load(ordering: .relaxed) }
}
