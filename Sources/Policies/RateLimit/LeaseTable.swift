import Base
import Synchronization

/// Requests that the shared store has let this gateway have beforehand, by caller.
///
/// A caller that comes often is let have more each time, up to the lease; one that comes seldom is
/// counted one by one. So a gateway never holds more than the lease of one caller, and over any
/// time no more pass than limit and burst, and one lease for each gateway.
final class LeaseTable: Sendable {
  /// What is to be done with a request.
  enum Decision: Equatable {
    /// It passes by a lease.
    case passes(remaining: UInt64, seconds: UInt64)
    /// The store has just said that none passes.
    case refused(seconds: UInt64)
    /// The store has to be asked for one, and for so many to keep; `returned` go back to it.
    case asks(extra: UInt64, returned: UInt64)
  }

  private struct Slot {
    /// What may be used, and until when.
    var held: UInt64 = 0
    var expires: UInt64 = 0
    /// What was asked for and has not come, and when it was asked.
    var asked: UInt64 = 0
    var askedAt: UInt64 = 0
    /// How much the next lease is.
    var size: UInt64 = 1
    var refusedUntil: UInt64 = 0
    /// What the store said last, for those who are told how many are left.
    var remaining: UInt64 = 0
    var recoversAt: UInt64 = 0
    /// From when on the slot is as good as empty.
    var freeAt: UInt64 = 0
  }

  private static let shardCount = 64
  /// What was asked for so long ago does not come any more, in nanoseconds.
  private static let patience: UInt64 = 5_000_000_000
  /// So long at most a refusal is kept, in nanoseconds: somebody may have given back meanwhile.
  private static let refusalMax: UInt64 = 1_000_000_000

  private struct Slots {
    var byKey: [LimitKey: Slot] = [:]
    /// When those without effect are looked for again.
    var nextSweep: UInt64 = 0
  }

  private final class Shard: Sendable {
    let slots = Mutex(Slots())
  }

  private let shards: [Shard]
  private let slotsMax: Int
  private let lease: UInt64
  /// How long a lease is good, in nanoseconds: what is left goes back with the next request.
  private static let lifetime: UInt64 = 1_000_000_000
  /// A flood of callers must not have the table looked through for each of them.
  private static let sweepPause: UInt64 = 100_000_000

  /// A table of leases of `lease` requests, for about `keysMax` callers.
  init(lease: UInt64, keysMax: Int) {
    self.lease = lease
    slotsMax = max(1, keysMax / LeaseTable.shardCount)
    shards = (0..<LeaseTable.shardCount).map { _ in Shard() }
  }

  /// Decides on one request of a key.
  func take(_ key: LimitKey, now: Instant) -> Decision {
    let now = now.nanoseconds
    return shard(key).slots.withLock { slots in
      guard var slot = slots.byKey[key] ?? room(&slots, now) else {
        return .asks(extra: 0, returned: 0)
      }
      defer { slots.byKey[key] = slot }
      if now < slot.refusedUntil {
        return .refused(seconds: LeaseTable.seconds(slot.refusedUntil - now))
      }
      if slot.held > 0, now < slot.expires {
        slot.held -= 1
        return .passes(
          remaining: slot.remaining + slot.held,
          seconds: slot.recoversAt > now ? LeaseTable.seconds(slot.recoversAt - now) : 0)
      }
      return ask(&slot, now)
    }
  }

  private func ask(_ slot: inout Slot, _ now: UInt64) -> Decision {
    let returned = slot.held
    slot.held = 0
    if returned > 0 {
      slot.size = max(1, slot.size / 2)
    } else if now < slot.expires {
      slot.size = min(lease, slot.size * 2)
    }
    if now > slot.askedAt + LeaseTable.patience { slot.asked = 0 }
    let extra = min(slot.size, lease - min(lease, slot.asked))
    slot.asked += extra
    slot.askedAt = now
    slot.freeAt = max(slot.freeAt, now + LeaseTable.patience)
    return .asks(extra: extra, returned: returned)
  }

  /// The store has been asked for one and `extra`, and `taken` came; nil if that is not known.
  func answered(
    _ key: LimitKey, extra: UInt64, taken: UInt64?, remaining: UInt64, milliseconds: UInt64,
    now: Instant
  ) {
    let now = now.nanoseconds
    shard(key).slots.withLock { slots in
      guard var slot = slots.byKey[key] else { return }
      slot.asked -= min(slot.asked, extra)
      if let taken {
        let wait = min(milliseconds, 1 << 40) * 1_000_000
        if taken == 0 {
          slot.refusedUntil = now + min(wait, LeaseTable.refusalMax)
        } else {
          // More than was asked for nobody gives; and never is more held than the lease.
          slot.held = min(slot.held + min(taken - 1, extra), lease)
          slot.expires = now + LeaseTable.lifetime
          slot.recoversAt = now + wait
        }
        slot.remaining = remaining
        slot.freeAt = max(now + LeaseTable.lifetime, slot.refusedUntil)
      }
      slots.byKey[key] = slot
    }
  }

  /// An empty slot, if there may be one more.
  private func room(_ slots: inout Slots, _ now: UInt64) -> Slot? {
    if slots.byKey.count >= slotsMax {
      if now < slots.nextSweep { return nil }
      slots.nextSweep = now + LeaseTable.sweepPause
      slots.byKey = slots.byKey.filter { $0.value.freeAt > now }
      if slots.byKey.count >= slotsMax { return nil }
    }
    return Slot()
  }

  private func shard(_ key: LimitKey) -> Shard {
    shards[Int(key.high % UInt64(LeaseTable.shardCount))]
  }

  private static func seconds(_ nanoseconds: UInt64) -> UInt64 {
    (nanoseconds + 999_999_999) / 1_000_000_000
  }
}
