import Synchronization

/// Lets so many requests be under way at once, over all loops.
public final class ConcurrencyGate: Sendable {
  private let limit: Int
  private let underway = Atomic<Int>(0)

  /// A gate for `limit` requests.
  public init(limit: Int) { self.limit = limit }

  /// Lets a request in; false if there are enough.
  func enter() -> Bool {
    let count = underway.wrappingAdd(1, ordering: .relaxed).newValue
    if count <= limit { return true }
    underway.wrappingSubtract(1, ordering: .relaxed)
    return false
  }

  /// A request that was let in has ended.
  func leave() { underway.wrappingSubtract(1, ordering: .relaxed) }
}
