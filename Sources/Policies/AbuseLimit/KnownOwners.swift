import Base
import PolicyKit
import Synchronization

/// From which networks names were right of late.
final class KnownOwners: Sendable {
  /// So many are remembered; the oldest go.
  private static let countMax = 65_536
  /// For so long, in milliseconds: 30 days.
  private static let memory: UInt64 = 2_592_000_000
  /// Noted anew only after so long, so that most requests change nothing.
  private static let exactness: UInt64 = 60_000

  private let seen = Mutex<[LimitKey: UInt64]>([:])

  init() {}

  /// The name was right from there.
  func note(_ name: LimitKey, at address: IPAddress, nowMilliseconds now: UInt64) {
    let key = KnownOwners.key(name, address)
    seen.withLock { seen in
      if let last = seen[key], now < last + KnownOwners.exactness { return }
      if seen.count >= KnownOwners.countMax {
        let middle = seen.values.sorted()[seen.count / 2]
        seen = seen.filter { $0.value > middle }
      }
      seen[key] = now
    }
  }

  /// Whether the name was right from there of late.
  func knows(_ name: LimitKey, at address: IPAddress, nowMilliseconds now: UInt64) -> Bool {
    let last = seen.withLock { $0[KnownOwners.key(name, address)] }
    return last.map { now < $0 + KnownOwners.memory } ?? false
  }

  private static func key(_ name: LimitKey, _ address: IPAddress) -> LimitKey {
    var first = Hasher()
    first.combine(name)
    first.combine(address.masked(to: address.isV4 ? 24 : 48))
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }
}
