public import Base
import Synchronization

/// Where policies write down whom they ban, and the bans that this gateway alone knows of.
///
/// With a store, a ban is this gateway's alone only until the store has it, so that whoever lifts
/// it there lifts it everywhere.
public final class BanBook: Sendable {
  /// What the one book of a process is retained by.
  public static let key = "ban book"
  /// Bans that are kept here at most.
  private static let countMax = 65_536
  /// How long a ban is kept here that the store will tell of, in milliseconds.
  private static let storeMilliseconds: UInt64 = 5_000

  private struct State {
    var table = BanTable()
    /// When a ban is forgotten here, in milliseconds since 1970, and when that is due next.
    var forgetting: [BanTarget: UInt64] = [:]
    var next = UInt64.max

    mutating func forget(_ now: UInt64) {
      if now < next { return }
      for (target, at) in forgetting where at <= now {
        table.remove(target)
        forgetting[target] = nil
      }
      next = forgetting.values.min() ?? .max
    }
  }

  private let bans = Mutex(State())
  private let count = Atomic<Int>(0)
  private let writer = Mutex<(@Sendable (Ban) -> Void)?>(nil)
  private let isStored = Atomic<Bool>(false)

  /// Nobody is banned.
  public init() {}

  /// Has bans told to `writer`, which does not wait; with `isStored`, it gives them to a store.
  public func open(isStored: Bool, _ writer: @escaping @Sendable (Ban) -> Void) {
    self.writer.withLock { $0 = writer }
    self.isStored.store(isStored, ordering: .relaxed)
  }

  /// Bans somebody from now on.
  public func ban(_ ban: Ban, nowMilliseconds now: UInt64) {
    let isStored = isStored.load(ordering: .relaxed)
    keep(
      ban,
      untilMilliseconds: isStored
        ? min(ban.untilMilliseconds, now + BanBook.storeMilliseconds) : ban.untilMilliseconds,
      nowMilliseconds: now)
    writer.withLock { $0 }?(ban)
  }

  /// Keeps a ban here, since the store has not taken it, until it is over or at another time.
  public func keep(
    _ ban: Ban, untilMilliseconds until: UInt64? = nil, nowMilliseconds now: UInt64
  ) {
    let until = until ?? ban.untilMilliseconds
    bans.withLock { bans in
      bans.forget(now)
      guard bans.forgetting.count < BanBook.countMax || bans.forgetting[ban.target] != nil else {
        return
      }
      bans.table.set(ban.target, untilMilliseconds: ban.untilMilliseconds)
      bans.forgetting[ban.target] = until
      bans.next = min(bans.next, until)
      count.store(bans.forgetting.count, ordering: .relaxed)
    }
  }

  /// Until when an address is kept out, in milliseconds since 1970; 0 if it is not.
  public func until(_ address: IPAddress, nowMilliseconds now: UInt64) -> UInt64 {
    if count.load(ordering: .relaxed) == 0 { return 0 }
    return look(now) { $0.until(address) }
  }

  /// Until when a name is kept out; 0 if it is not.
  public func until(subject: String, nowMilliseconds now: UInt64) -> UInt64 {
    if count.load(ordering: .relaxed) == 0 { return 0 }
    return look(now) { $0.until(subject: subject) }
  }

  private func look(_ now: UInt64, _ body: (BanTable) -> UInt64) -> UInt64 {
    bans.withLock { bans in
      bans.forget(now)
      count.store(bans.forgetting.count, ordering: .relaxed)
      return body(bans.table)
    }
  }
}
