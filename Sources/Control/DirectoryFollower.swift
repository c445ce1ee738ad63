import Crypto
import Formats
public import PolicyKit
import Runtime
public import Storage
import Synchronization
import Telemetry

/// Keeps the consumers and keys that the loops use the same as those of the store.
///
/// It has a thread of its own: it reads the whole store once, then whatever has changed, and hands
/// the loops a new directory each time.
public final class DirectoryFollower: Sendable {
  /// What wakes the thread.
  private enum Message: Sendable {
    case changed
    /// The roles of the configuration file are these from now on.
    case roles(RoleDirectory)
  }

  /// Records read at a time.
  private static let batch = 2000
  /// The store is asked so often even if nobody says that something changed, in milliseconds.
  private static let silence: Int32 = 1000
  /// How often the uses of keys are told to the store, in milliseconds.
  private static let useMilliseconds = 30_000

  private let vault: Vault
  private let usesVault: Vault
  private let mailbox: Mailbox<Message>
  private let publish: @Sendable (LiveDirectory) -> Void
  private let latest = Mutex<LiveDirectory?>(nil)
  private let uses = KeyUses()
  private let roles: RoleDirectory

  /// A follower of `vault`; each new directory goes to `publish`, and the uses of keys to another
  /// vault, if `vault` is a copy of that. The roles of the configuration file say what else the
  /// roles and groups of a consumer give it.
  public init(
    _ vault: Vault, tellingUsesTo usesVault: Vault? = nil, roles: RoleDirectory,
    publish: @escaping @Sendable (LiveDirectory) -> Void
  ) throws {
    self.vault = vault
    self.usesVault = usesVault ?? vault
    self.roles = roles
    self.publish = publish
    mailbox = try Mailbox()
  }

  /// Reads the whole store and begins to follow it; throws if it cannot be read.
  public func start() throws {
    let pepper = try vault.pepperHasher()
    let begun = try Mailbox<String?>()
    try Thread.start(named: "directory") { [self] in follow(pepper, begun) }
    begun.wait()
    if let fault = begun.take().first ?? nil { throw StoreError.unavailable(fault) }
  }

  /// Takes over the roles of a configuration file that was read anew.
  public func use(_ roles: RoleDirectory) { mailbox.post(.roles(roles)) }

  /// When a key was used last, in milliseconds since 1970, as far as this process knows.
  public func lastUsed(_ key: String) -> Int? {
    guard let word = AdminSecret.word(ofName: key),
      let found = latest.withLock({ $0 })?.key(beginningWith: word),
      found.lastUsedMilliseconds > 0
    else { return nil }
    return Int(found.lastUsedMilliseconds)
  }

  private func follow(_ pepper: KeyedHasher, _ begun: Mailbox<String?>) {
    let state = FollowedState(roles)
    do {
      try state.load(vault)
    } catch {
      return begun.post("\(error)")
    }
    show(state, pepper)
    begun.post(nil)
    vault.store.observe { [mailbox] in mailbox.post(.changed) }
    var lastUses = vault.now
    while true {
      do {
        if try catchUp(state) { show(state, pepper) }
      } catch {
        ErrorLog.warning("\(error); what was last read of the store goes on")
      }
      if vault.now - lastUses > DirectoryFollower.useMilliseconds {
        lastUses = vault.now
        tellUses()
      }
      mailbox.wait(milliseconds: DirectoryFollower.silence)
      for case .roles(let roles) in mailbox.take() { state.use(roles) }
    }
  }

  private func show(_ state: FollowedState, _ pepper: KeyedHasher) {
    let directory = LiveDirectory(state.table, uses: uses) { words in
      pepper.hash(Digest256(words: words)).words
    }
    latest.withLock { $0 = directory }
    publish(directory)
  }

  /// Takes over what has changed; whether anything has.
  private func catchUp(_ state: FollowedState) throws -> Bool {
    var hasChanged = false
    if state.isOutdated {
      try state.load(vault)
      hasChanged = true
    }
    while true {
      let changes = try vault.store.changes(
        after: state.position, limit: DirectoryFollower.batch)
      if changes.isIncomplete || changes.position < state.position {
        try state.load(vault)
        return true
      }
      if changes.position == state.position { return hasChanged }
      hasChanged = try state.apply(changes, vault) || hasChanged
      if !changes.hasMore { return hasChanged }
    }
  }

  private func tellUses() {
    let keys = uses.take()
    guard !keys.isEmpty else { return }
    let changes = keys.map { key in
      VaultChange.put(
        StoredKinds.keyUse, AdminSecret.name(Digest256(words: key.digest)),
        .object([JSONMember("at", .integer(Int(key.lastUsedMilliseconds)))]))
    }
    do {
      try usesVault.commit(changes)
    } catch {
      ErrorLog.warning("the uses of \(keys.count) keys are not noted: \(error)")
    }
  }
}
