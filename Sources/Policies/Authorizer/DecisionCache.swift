import Crypto
import Synchronization

/// Decisions for requests that are equal in all that the authorizer is told.
final class DecisionCache: Sendable {
  private struct Entry {
    let decision: AuthorizerDecision
    let expiryMilliseconds: UInt64
  }

  /// As many as a busy minute has; when it is full, all are forgotten.
  private static let countMax = 16_384

  private let milliseconds: UInt64
  private let entries = Mutex<[Digest256: Entry]>([:])

  init(milliseconds: UInt64) { self.milliseconds = milliseconds }

  func find(_ digest: Digest256, nowMilliseconds now: UInt64) -> AuthorizerDecision? {
    entries.withLock { entries in
      guard let entry = entries[digest], now < entry.expiryMilliseconds else { return nil }
      return entry.decision
    }
  }

  func keep(_ decision: AuthorizerDecision, _ digest: Digest256, nowMilliseconds now: UInt64) {
    entries.withLock { entries in
      if entries.count >= DecisionCache.countMax { entries = [:] }
      entries[digest] = Entry(decision: decision, expiryMilliseconds: now + milliseconds)
    }
  }
}
