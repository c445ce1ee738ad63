import Crypto
public import PolicyKit
public import Runtime
public import Storage
import Synchronization
import Telemetry

/// Keeps what consumers have used in the store, and tells of what other gateways have counted.
///
/// It has a thread of its own, which goes once a second: what a crash loses is what was let through
/// since.
public final class UsageKeeper: Sendable {
  /// How often the store is told and asked, in milliseconds.
  private static let pause: Int32 = 1000
  /// Counts of one transaction.
  private static let batch = 1000
  /// Counts of one answer: more than one transaction has, so that each answer leads on.
  private static let answerMax = 4000
  /// Every so many rounds, periods that are over are forgotten.
  private static let roundsToForget = 60

  private struct State {
    var position = 0
    var rounds = 0
    var hasFailed = false
  }

  private let vault: Vault
  private let store: (any UsageStore)?
  private let ledger: UsageLedger
  private let state = Mutex(State())
  /// Nobody writes to it: it is waited for.
  private let bell: Mailbox<Void>

  /// A keeper of `ledger` in the database of `vault`.
  public init(_ vault: Vault, _ ledger: UsageLedger) throws(SystemError) {
    bell = try Mailbox()
    self.vault = vault
    self.ledger = ledger
    store = vault.store as? any UsageStore
  }

  /// Reads what was used, and goes on on a thread of its own. A database that cannot be reached now
  /// is asked later.
  public func start() throws {
    let pepper = try vault.pepperHasher()
    ledger.open { words in pepper.hash(Digest256(words: words)).words }
    exchange()
    try Thread.start(named: "usage") { [self] in
      while true {
        bell.wait(milliseconds: UsageKeeper.pause)
        exchange()
      }
    }
  }

  /// Tells the store what it has not been told of, and takes over what it knows; waits for it.
  public func exchange() {
    state.withLock { state in
      do throws(StoreError) {
        try tell()
        try ask(&state)
        try forget(&state)
        if state.hasFailed { ErrorLog.notice("what consumers use is kept in the store again") }
        state.hasFailed = false
      } catch {
        state.hasFailed = true
        ErrorLog.error("what consumers use is not kept in the store: \(error)")
      }
    }
    for notice in ledger.takeNotices() {
      let share = notice.used >= notice.limit ? "all" : "\(notice.used * 100 / notice.limit)%"
      ErrorLog.notice(
        "quota: \(notice.consumer) has used \(share) of \(notice.limit) by the \(notice.period), "
          + "plan \(notice.plan)")
    }
  }

  private func tell() throws(StoreError) {
    guard let store else { return }
    while true {
      let deltas = ledger.take(max: UsageKeeper.batch)
      if deltas.isEmpty { return }
      do throws(StoreError) {
        let totals = try store.add(
          deltas.map {
            UsageRow(
              name: Digest256(words: $0.name).bytes, count: Int(clamping: $0.amount),
              ends: Int(clamping: $0.endsMilliseconds))
          })
        ledger.settle(totals.map { UInt64(clamping: $0.count) })
      } catch {
        ledger.settle(nil)
        throw error
      }
    }
  }

  private func ask(_ state: inout State) throws(StoreError) {
    guard let store else { return }
    while true {
      let (rows, position) = try store.usage(after: state.position, limit: UsageKeeper.answerMax)
      for row in rows {
        guard let name = Digest256(bytes: row.name.span) else { continue }
        ledger.learn(
          name.words, total: UInt64(clamping: row.count),
          endsMilliseconds: UInt64(clamping: row.ends))
      }
      state.position = position
      if rows.count < UsageKeeper.answerMax { return }
    }
  }

  private func forget(_ state: inout State) throws(StoreError) {
    state.rounds += 1
    guard state.rounds % UsageKeeper.roundsToForget == 0 else { return }
    ledger.forget(endedBefore: UInt64(clamping: vault.now))
    try store?.removeUsage(endedBefore: vault.now, limit: UsageKeeper.batch)
  }
}
