import Synchronization

/// What one loop counts of one route, service or upstream: a few numbers that the loop alone
/// changes.
final class LabelledCounts: Sendable {
  static let count = 17

  private let cells: InlineArray<17, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }

  /// Adds; for the thread that owns the count alone, which needs no locked instruction for it.
  @inline(__always)
  func add(_ more: UInt64 = 1, at place: Int) {
    cells[place].store(cells[place].load(ordering: .relaxed) &+ more, ordering: .relaxed)
  }

  /// Replaces a number that is no count.
  func set(_ number: UInt64, at place: Int) { cells[place].store(number, ordering: .relaxed) }

  func value(_ place: Int) -> UInt64 { cells[place].load(ordering: .relaxed) }
}
