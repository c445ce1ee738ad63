import Blueprint
import Control
import Detection
import Formats
import Gateway
import PolicyKit
import Runtime
import Storage
import Synchronization
import Telemetry

/// The store of the running gateway: follows it for the loops, and serves the admin API over it.
final class RunningStore: Sendable {
  private struct Publication {
    var server: GatewayServer?
    var live: LiveDirectory?
  }

  /// Threads of the admin API: two, so that a password's hash does not hold up everything else.
  private static let threads = 2
  /// Requests to the admin API that wait at most.
  private static let waitingMax = 256
  /// Bans that wait to be written at most; those beyond are this gateway's alone.
  private static let bansMax = 1024
  /// Records that have ceased to be and are removed at a time.
  private static let expiredMax = 1000

  /// Removals that are still known, for gateways and copies that were away; those that were away
  /// for longer read everything anew.
  private static let removalsMax = 100_000

  /// The admin API.
  let api: AdminAPI
  /// The identity provider; nil if there is none.
  let identity: RunningIdentity?
  private let vault: Vault
  /// The copy of a shared database, which the loops are served from.
  private let copied: Vault?
  private let queue: WorkQueue
  private let follower: DirectoryFollower
  private let owned: OwnedBox
  private let publication: PublicationBox
  private let usage: UsageKeeper
  private let usageReport: UsageReport

  /// Where a directory goes: to the server, once there is one.
  private final class PublicationBox: Sendable {
    let state = Mutex(Publication())

    func publish(_ live: LiveDirectory) {
      let server = state.withLock { state in
        state.live = live
        return state.server
      }
      server?.adopt(live)
    }
  }

  /// Opens the store of a configuration and reads it; ends of sessions go there from the register
  /// that is retained.
  init(
    _ blueprint: StoreBlueprint, _ whole: Configuration, folder: Folder,
    retained: RetainedState, detection: @escaping @Sendable () -> DetectionEngine?,
    rules: @escaping @Sendable () -> AdminRules,
    caches: @escaping @Sendable () -> [(service: String, cache: ResponseCache)]
  ) throws {
    let configuration = whole.blueprint
    let opened = try StoreOpening(blueprint: blueprint, folder: folder).serving()
    vault = opened.vault
    copied = opened.copied
    let box = PublicationBox()
    publication = box
    let follower = try DirectoryFollower(
      opened.copied ?? opened.vault, tellingUsesTo: opened.vault,
      roles: RoleDirectory(configuration)
    ) {
      box.publish($0)
    }
    self.follower = follower
    try follower.start()
    let owned = OwnedBox(FileOwned(configuration))
    self.owned = owned
    let context = try AdminContext(
      vault: vault, owned: { owned.current }, lastUsed: { follower.lastUsed($0) }, rules: rules)
    queue = try WorkQueue(
      named: "admin", threads: RunningStore.threads, waitingMax: RunningStore.waitingMax)
    identity = try RunningIdentity(
      configuration, vault: vault, following: copied, retained: retained)
    let ledger = retained.object(UsageLedger.key) { UsageLedger() }
    let report = UsageReport(ledger)
    report.adopt(whole)
    usageReport = report
    usage = try UsageKeeper(opened.vault, ledger)
    try usage.start()
    api = AdminAPI(
      context, queue: queue, kinds: identity?.kinds ?? [],
      usage: { name in report.report(name, live: box.state.withLock { $0.live }) },
      detection: detection, caches: caches)
    let endings = try SessionEndings(opened.vault)
    let sessions = retained.object(SessionRegister.key) { SessionRegister() }
    sessions.open { endings.write($0) }
    // Not that of the admin API: who has many addresses banned must not hold administrators up.
    let bans = try WorkQueue(named: "bans", threads: 1, waitingMax: RunningStore.bansMax)
    RunningStore.open(retained, BanKeeper(context), bans)
  }

  /// Has bans of policies written to the store, and kept here where that cannot be.
  private static func open(_ retained: RetainedState, _ keeper: BanKeeper, _ queue: WorkQueue) {
    let book = retained.object(BanBook.key) { BanBook() }
    book.open(isStored: true) { ban in
      ErrorLog.notice("ban: \(ban.target.text) is kept out: \(ban.reason)")
      let isTaken = queue.submit {
        if !keeper.write(ban) { book.keep(ban, nowMilliseconds: Clock.wallMilliseconds) }
      }
      if !isTaken { book.keep(ban, nowMilliseconds: Clock.wallMilliseconds) }
    }
  }

  /// Tells the store what consumers have used and it does not know yet; waits for it.
  func keepUsage() { usage.exchange() }

  /// The consumers and keys as they are now.
  var live: LiveDirectory? { publication.state.withLock { $0.live } }

  /// A secret for the first owner, if there is none yet; nil too if the database cannot be asked.
  func setupSecret() throws -> String? {
    do {
      return try api.makeSetupSecret()
    } catch StoreError.unavailable {
      return nil
    }
  }

  /// Has changes go to the loops of `server` from now on.
  func serve(_ server: GatewayServer) {
    let live = publication.state.withLock { state in
      state.server = server
      return state.live
    }
    if let live { server.adopt(live) }
  }

  /// Takes over a configuration that was read anew: what the file owns, and the master keys.
  func adopt(_ whole: Configuration, folder: Folder) {
    let configuration = whole.blueprint
    usageReport.adopt(whole)
    owned.set(FileOwned(configuration))
    follower.use(RoleDirectory(configuration))
    guard let blueprint = configuration.store else {
      return ErrorLog.warning("'store' is gone from the configuration; it is used until a restart")
    }
    do throws(StoreError) {
      let masters = try StoreOpening(blueprint: blueprint, folder: folder).masters()
      try copied?.use(masters)
      try vault.use(masters)
    } catch {
      ErrorLog.error("\(error); the master keys before go on")
    }
  }

  /// Has removed what has ceased to be, and forgotten what was removed long ago; called now and
  /// then, and waits for nothing.
  func tidy() {
    _ = queue.submit { [vault, copied] in
      do throws(StoreError) {
        _ = try vault.store.removeExpired(now: vault.now, limit: RunningStore.expiredMax)
        for store in [vault.store, copied?.store].compactMap({ $0 }) {
          _ = try store.pruneRemovals(keeping: RunningStore.removalsMax)
        }
      } catch {
        ErrorLog.warning("\(error)")
      }
    }
  }
}
