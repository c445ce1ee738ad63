import Crypto
import Synchronization

/// What sessions were renewed to a moment ago: a page's requests come with the old cookie side by
/// side, and its refresh token works once.
final class SessionRenewals: Sendable {
  private struct Entry {
    let finding: OIDCPolicy.Finding
    let expiryMilliseconds: UInt64
  }

  private static let milliseconds: UInt64 = 60_000
  private static let countMax = 16_384

  private let entries = Mutex<[Digest256: Entry]>([:])

  func find(_ digest: Digest256, nowMilliseconds now: UInt64) -> OIDCPolicy.Finding? {
    entries.withLock { entries in
      guard let entry = entries[digest], now < entry.expiryMilliseconds else { return nil }
      return entry.finding
    }
  }

  func keep(_ finding: OIDCPolicy.Finding, _ digest: Digest256, nowMilliseconds now: UInt64) {
    entries.withLock { entries in
      if entries.count >= SessionRenewals.countMax {
        entries = entries.filter { $0.value.expiryMilliseconds > now }
      }
      if entries.count >= SessionRenewals.countMax { entries = [:] }
      entries[digest] = Entry(
        finding: finding, expiryMilliseconds: now + SessionRenewals.milliseconds)
    }
  }
}
