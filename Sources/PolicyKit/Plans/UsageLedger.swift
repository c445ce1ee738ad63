import Synchronization

/// How much callers have used in the present periods: exact among the loops of one process, and
/// told to the store and by it in steps.
///
/// A count is what the store knows of all gateways, and what this one has let through since.
public final class UsageLedger: Sendable {
  /// What the one ledger of a process is retained by.
  public static let key = "usage ledger"
  /// Counts that are kept at most; callers beyond are refused until a period is over.
  public static let slotsMax = 1_048_576

  private static let shardCount = 64
  private static let noticesMax = 256
  /// How often a full shard is looked through for what is over, in milliseconds.
  private static let sweepMilliseconds: UInt64 = 1000

  private struct Slot {
    /// What the store has told of all gateways.
    var confirmed: UInt64 = 0
    /// What it is being told of, and what it has not been told of.
    var inFlight: UInt64 = 0
    var pending: UInt64 = 0
    var ends: UInt64 = 0
    var name: KeyDigestWords = (0, 0, 0, 0)
    var isWarned = false
    var isRefused = false

    var used: UInt64 { confirmed + inFlight + pending }
  }

  private struct Slots {
    var byKey: [UsageKey: Slot] = [:]
    /// Those with use that the store has not been told of.
    var dirty: [UsageKey] = []
    var nextSweep: UInt64 = 0
  }

  private final class Shard: Sendable {
    let slots = Mutex(Slots())
  }

  /// The first two words of a name in the store, which is a keyed hash.
  private struct Name: Hashable {
    let first, second: UInt64
    init(_ words: KeyDigestWords) { (first, second) = (words.0, words.1) }
  }

  private struct Known {
    var total: UInt64
    var ends: UInt64
    /// Where it is counted in this process, if it is.
    var place: (shard: Int, key: UsageKey)?
  }

  private struct Sending {
    let shard: Int
    let key: UsageKey
    let delta: UsageDelta
  }

  private let shards = (0..<UsageLedger.shardCount).map { _ in Shard() }
  private let known = Mutex<[Name: Known]>([:])
  private let sending = Mutex<[Sending]>([])
  private let notices = Mutex<[UsageNotice]>([])
  private let naming = Mutex<(@Sendable (KeyDigestWords) -> KeyDigestWords)?>(nil)

  /// Nothing used yet.
  public init() {}

  /// Has counts go by names in the store, which `naming` makes of hashes.
  public func open(_ naming: @escaping @Sendable (KeyDigestWords) -> KeyDigestWords) {
    self.naming.withLock { $0 = naming }
  }

  // MARK: On the loops

  /// Counts one request of a caller, if all of its quotas let it pass.
  ///
  /// `question` tells of the quotas by their places, and `hash` gives what is the same in every
  /// gateway for one: it is asked for once in a period.
  public func admit(
    caller: UInt64, count: Int, nowMilliseconds now: UInt64,
    question: (Int) -> UsageQuestion, hash: (Int) -> KeyDigestWords
  ) -> UsageAnswer {
    let place = Int(caller % UInt64(UsageLedger.shardCount))
    return shards[place].slots.withLock { slots in
      var answer = UsageAnswer()
      for number in 0..<count {
        let asked = question(number)
        guard let used = used(asked, place, &slots, now, { hash(number) }) else {
          answer.isAllowed = false
          (answer.place, answer.remaining) = (number, 0)
          return answer
        }
        let left = asked.limit - min(asked.limit, used)
        if left < answer.remaining || left == 0 {
          (answer.place, answer.remaining, answer.used) = (number, left, used)
        }
        if left == 0 {
          answer.isAllowed = false
          answer.isFirst = slots.byKey[asked.key]?.isRefused == false
          slots.byKey[asked.key]?.isRefused = true
          return answer
        }
      }
      for number in 0..<count {
        let asked = question(number)
        guard let index = slots.byKey.index(forKey: asked.key) else { continue }
        let before = slots.byKey.values[index].pending
        slots.byKey.values[index].pending = before + 1
        if before == 0 { slots.dirty.append(asked.key) }
        let used = slots.byKey.values[index].used
        guard used >= asked.warnAt else { continue }
        if !answer.isWarning { (answer.place, answer.used) = (number, used) }
        answer.isWarning = true
        if !slots.byKey.values[index].isWarned {
          slots.byKey.values[index].isWarned = true
          answer.isFirst = true
        }
      }
      if count > 0 { answer.remaining -= 1 }
      return answer
    }
  }

  /// What was used of a quota; nil if there is no room to count it.
  private func used(
    _ asked: UsageQuestion, _ shard: Int, _ slots: inout Slots, _ now: UInt64,
    _ hash: () -> KeyDigestWords
  ) -> UInt64? {
    if let index = slots.byKey.index(forKey: asked.key) { return slots.byKey.values[index].used }
    if slots.byKey.count >= UsageLedger.slotsMax / UsageLedger.shardCount {
      if now < slots.nextSweep { return nil }
      slots.nextSweep = now + UsageLedger.sweepMilliseconds
      sweep(&slots, now)
      if slots.byKey.count >= UsageLedger.slotsMax / UsageLedger.shardCount { return nil }
    }
    var slot = Slot()
    slot.ends = asked.endsMilliseconds
    let hash = hash()
    slot.name = naming.withLock { $0 }?(hash) ?? hash
    slot.confirmed = known.withLock { known in
      var found = known[Name(slot.name)] ?? Known(total: 0, ends: slot.ends)
      found.place = (shard, asked.key)
      known[Name(slot.name)] = found
      return found.total
    }
    slots.byKey[asked.key] = slot
    return slot.confirmed
  }

  private func sweep(_ slots: inout Slots, _ now: UInt64) {
    slots.byKey = slots.byKey.filter { $0.value.ends > now || $0.value.pending > 0 }
  }

  /// Notes a quota that was nearly or wholly used up.
  public func note(_ notice: UsageNotice) {
    notices.withLock { if $0.count < UsageLedger.noticesMax { $0.append(notice) } }
  }

  // MARK: Beside the loops

  /// What was noted since; it is then forgotten.
  public func takeNotices() -> [UsageNotice] {
    notices.withLock { notices in
      let taken = notices
      notices = []
      return taken
    }
  }

  /// Use that the store is to be told of now, at most so many counts. One who takes has to say what
  /// became of it before he takes again.
  public func take(max: Int) -> [UsageDelta] {
    var taken: [Sending] = []
    for place in shards.indices where taken.count < max {
      shards[place].slots.withLock { slots in
        while taken.count < max, let key = slots.dirty.popLast() {
          guard var slot = slots.byKey[key], slot.pending > 0 else { continue }
          slot.inFlight = slot.pending
          slot.pending = 0
          slots.byKey[key] = slot
          taken.append(
            Sending(
              shard: place, key: key,
              delta: UsageDelta(
                name: slot.name, amount: slot.inFlight, endsMilliseconds: slot.ends)))
        }
      }
    }
    sending.withLock { $0 = taken }
    return taken.map(\.delta)
  }

  /// The store has taken over what was taken, in the same order; with nil, it has not.
  public func settle(_ totals: [UInt64]?) {
    let sent = sending.withLock { sending in
      let sent = sending
      sending = []
      return sent
    }
    for (number, item) in sent.enumerated() {
      let total = totals.flatMap { number < $0.count ? $0[number] : nil }
      shards[item.shard].slots.withLock { slots in
        guard var slot = slots.byKey[item.key] else { return }
        slot.inFlight = 0
        if let total {
          slot.confirmed = Swift.max(slot.confirmed, total)
        } else {
          if slot.pending == 0 { slots.dirty.append(item.key) }
          slot.pending += item.delta.amount
        }
        slots.byKey[item.key] = slot
      }
      guard let total else { continue }
      known.withLock { $0[Name(item.delta.name)]?.total = total }
    }
  }

  /// What the store knows of a count.
  public func learn(_ name: KeyDigestWords, total: UInt64, endsMilliseconds: UInt64) {
    let place = known.withLock { known -> (shard: Int, key: UsageKey)? in
      var found = known[Name(name)] ?? Known(total: 0, ends: endsMilliseconds)
      if found.place == nil, known.count >= 2 * UsageLedger.slotsMax { return nil }
      found.total = Swift.max(found.total, total)
      known[Name(name)] = found
      return found.place
    }
    guard let place else { return }
    shards[place.shard].slots.withLock { slots in
      guard var slot = slots.byKey[place.key] else { return }
      slot.confirmed = Swift.max(slot.confirmed, total)
      slots.byKey[place.key] = slot
    }
  }

  /// Forgets periods that are over.
  public func forget(endedBefore now: UInt64) {
    for shard in shards { shard.slots.withLock { sweep(&$0, now) } }
    known.withLock { known in
      if known.contains(where: { $0.value.ends <= now }) {
        known = known.filter { $0.value.ends > now }
      }
    }
  }

  /// How much was used under the name of this hash, as far as it is known here.
  public func used(_ hash: KeyDigestWords) -> UInt64 {
    let name = naming.withLock { $0 }?(hash) ?? hash
    guard let found = known.withLock({ $0[Name(name)] }) else { return 0 }
    guard let place = found.place else { return found.total }
    return shards[place.shard].slots.withLock { $0.byKey[place.key]?.used } ?? found.total
  }
}
