import Base
import Synchronization

/// The counts of one limit, shared by all loops: exact, and bounded whatever the number of keys.
///
/// A slot is given to another key only once its count has no effect any more, so that no flood of
/// keys frees an abuser. When no slot can be had, callers share the shard's overflow slot.
final class LimitTable: Sendable {
  private struct Slot {
    var key = LimitKey(high: 0, low: 0)
    /// GCRA: theoretical arrival time in ns. Windows: the start of the window.
    var time: UInt64 = 0
    var count: UInt64 = 0
    var previous: UInt64 = 0
    /// From when on the slot is as good as empty.
    var freeAt: UInt64 = 0
  }

  /// A power of two of slots, and the overflow slot behind them.
  private final class Shard: Sendable {
    let slots = Mutex(Array(repeating: Slot(), count: LimitTable.slotsAtFirst + 1))
  }

  private static let shardCount = 64
  /// A table begins small, so that a thousand routes with limits of their own start at once.
  private static let slotsAtFirst = 16
  private static let probes = 16

  private let shards: [Shard]
  /// How far a shard may grow, in slots.
  private let slotsMax: Int
  private let rate: Rate
  private let burst: UInt64
  private let algorithm: LimitAlgorithm

  init(rate: Rate, burst: UInt64, algorithm: LimitAlgorithm, keysMax: Int) {
    var slots = LimitTable.slotsAtFirst
    while slots * LimitTable.shardCount < keysMax { slots *= 2 }
    slotsMax = slots
    shards = (0..<LimitTable.shardCount).map { _ in Shard() }
    self.rate = rate
    self.burst = burst
    self.algorithm = algorithm
  }

  /// Counts one request of a key at `now`, and says whether it passes.
  func admit(_ key: LimitKey, now: Instant) -> LimitDecision {
    shards[Int(key.high % UInt64(LimitTable.shardCount))].slots.withLock { slots in
      let place = find(key, &slots, now.nanoseconds)
      var decision = decide(&slots[place], now.nanoseconds)
      decision.isOverflow = place == slots.count - 1
      return decision
    }
  }

  /// Has a key begin anew.
  func reset(_ key: LimitKey, now: Instant) {
    shards[Int(key.high % UInt64(LimitTable.shardCount))].slots.withLock { slots in
      let place = find(key, &slots, now.nanoseconds)
      if place < slots.count - 1 { slots[place] = Slot(key: key) }
    }
  }

  /// The slot of a key, which is given one if it has none.
  private func find(_ key: LimitKey, _ slots: inout [Slot], _ now: UInt64) -> Int {
    while true {
      var free = -1
      for probe in 0..<LimitTable.probes {
        let place = LimitTable.place(key, probe, slots)
        if slots[place].key == key { return place }
        if free < 0, slots[place].freeAt <= now { free = place }
      }
      if free >= 0 {
        slots[free] = Slot(key: key)
        return free
      }
      guard let grown = grown(slots, now) else { return slots.count - 1 }
      slots = grown
    }
  }

  private static func place(_ key: LimitKey, _ probe: Int, _ slots: borrowing [Slot]) -> Int {
    (Int(truncatingIfNeeded: key.low) &+ probe) & (slots.count - 2)
  }

  /// Twice the slots with all counts that have an effect; nil if the shard may grow no more.
  private func grown(_ slots: borrowing [Slot], _ now: UInt64) -> [Slot]? {
    var count = (slots.count - 1) * 2
    while count <= slotsMax {
      if let moved = moved(slots, to: count, now) { return moved }
      count *= 2
    }
    return nil
  }

  /// The counts in so many slots; nil if one of them finds no place.
  private func moved(_ slots: borrowing [Slot], to count: Int, _ now: UInt64) -> [Slot]? {
    var moved = Array(repeating: Slot(), count: count + 1)
    moved[count] = slots[slots.count - 1]
    for index in 0..<slots.count - 1 where slots[index].freeAt > now {
      let key = slots[index].key
      let probe = (0..<LimitTable.probes).first {
        moved[LimitTable.place(key, $0, moved)].freeAt <= now
      }
      guard let probe else { return nil }
      moved[LimitTable.place(key, probe, moved)] = slots[index]
    }
    return moved
  }

  private func decide(_ slot: inout Slot, _ now: UInt64) -> LimitDecision {
    switch algorithm {
    case .gcra: gcra(&slot, now)
    case .fixedWindow: window(&slot, now, slides: false)
    case .slidingWindow: window(&slot, now, slides: true)
    }
  }

  /// Nanoseconds per request.
  private var interval: UInt64 { rate.windowSeconds * 1_000_000_000 / rate.count }

  private func gcra(_ slot: inout Slot, _ now: UInt64) -> LimitDecision {
    let interval = max(interval, 1)
    let tolerance = interval * burst
    let next = max(slot.time, now) + interval
    if next > now + tolerance {
      let wait = next - now - tolerance
      return LimitDecision(isAllowed: false, remaining: 0, seconds: LimitTable.seconds(wait))
    }
    slot.time = next
    slot.freeAt = next
    return LimitDecision(
      isAllowed: true, remaining: (now + tolerance - next) / interval,
      seconds: LimitTable.seconds(next - now))
  }

  private func window(_ slot: inout Slot, _ now: UInt64, slides: Bool) -> LimitDecision {
    let length = rate.windowSeconds * 1_000_000_000
    let start = now / length * length
    if slot.time != start {
      slot.previous = slot.time + length == start ? slot.count : 0
      slot.time = start
      slot.count = 0
    }
    let left = start + length - now
    // Rounded up, so that the estimate never lets more through than the limit.
    let (high, low) = slot.previous.multipliedFullWidth(by: left)
    let share = slides ? length.dividingFullWidth((high, low)) : (quotient: 0, remainder: 0)
    let seen = slot.count + share.quotient + (share.remainder > 0 ? 1 : 0)
    if seen >= rate.count {
      return LimitDecision(isAllowed: false, remaining: 0, seconds: LimitTable.seconds(left))
    }
    slot.count += 1
    slot.freeAt = start + 2 * length
    return LimitDecision(
      isAllowed: true, remaining: rate.count - seen - 1, seconds: LimitTable.seconds(left))
  }

  private static func seconds(_ nanoseconds: UInt64) -> UInt64 {
    (nanoseconds + 999_999_999) / 1_000_000_000
  }
}
