import Formats
import Runtime
public import Storage
import Synchronization
import Telemetry

/// Follows what other gateways and the admin API write: revocations, keys and clients.
///
/// It has a thread of its own, as the follower of consumers has, and hands on what policies need.
public final class RevocationFollower: Sendable {
  /// Records read at a time.
  private static let batch = 1000
  /// The store is asked so often even if nobody says that something changed, in milliseconds.
  private static let silence: Int32 = 500
  /// So often what has ended is forgotten and keys are looked after, in milliseconds.
  private static let tidyMilliseconds = 60_000

  private let context: IdentityContext
  private let vault: Vault
  private let mailbox: Mailbox<Bool>
  private let publish: @Sendable (_ keys: [UInt8], _ revocations: [UInt8]) -> Void

  /// A follower of `vault`, which may be a copy of the one that the context writes to; what
  /// policies need goes to `publish`.
  public init(
    _ context: IdentityContext, following vault: Vault,
    publish: @escaping @Sendable (_ keys: [UInt8], _ revocations: [UInt8]) -> Void
  ) throws {
    self.context = context
    self.vault = vault
    self.publish = publish
    mailbox = try Mailbox()
  }

  /// Reads what there is, hands it on, and begins to follow.
  public func start() throws {
    let begun = try Mailbox<String?>()
    try Thread.start(named: "identity") { [self] in follow(begun) }
    begun.wait()
    if let fault = begun.take().first ?? nil { throw StoreError.unavailable(fault) }
  }

  /// The revocations by name, each with its time and its end.
  private struct State {
    var position = 0
    var held: [String: (at: Int, until: Int)] = [:]
  }

  private func follow(_ begun: Mailbox<String?>) {
    var state = State()
    do {
      try load(&state)
    } catch {
      return begun.post("\(error)")
    }
    show(state)
    begun.post(nil)
    vault.store.observe { [mailbox] in mailbox.post(true) }
    var tidied = vault.now
    while true {
      mailbox.wait(milliseconds: RevocationFollower.silence)
      _ = mailbox.take()
      do {
        var hasChanged = try catchUp(&state)
        if vault.now - tidied > RevocationFollower.tidyMilliseconds {
          tidied = vault.now
          state.held = state.held.filter { $0.value.until > tidied }
          try context.refreshKeys()
          hasChanged = true
        }
        if hasChanged { show(state) }
      } catch {
        ErrorLog.warning("identity: \(error); what was last read of the store goes on")
      }
    }
  }

  private func show(_ state: State) {
    let list = Revocation.list(state.held.mapValues(\.at))
    publish(context.keys.document, Array(list.serialized.utf8))
  }

  private func load(_ state: inout State) throws {
    state = State()
    state.position = try vault.store.position()
    var last = ""
    while true {
      let records = try vault.records(
        StoredKinds.revocation, after: last, limit: RevocationFollower.batch)
      for record in records { RevocationFollower.take(record, &state) }
      guard let end = records.last?.id else { return }
      last = end
    }
  }

  private static func take(_ record: VaultRecord, _ state: inout State) {
    guard let at = record.body["at"]?.integer else { return }
    state.held[record.id] = (at, record.expires ?? .max)
  }

  /// Takes over what has changed; whether policies have to hear of it.
  private func catchUp(_ state: inout State) throws -> Bool {
    var hasChanged = false
    while true {
      let changes = try vault.store.changes(
        after: state.position, limit: RevocationFollower.batch)
      if changes.isIncomplete || changes.position < state.position {
        try load(&state)
        try context.refreshKeys()
        return true
      }
      if changes.position == state.position { return hasChanged }
      hasChanged = try apply(changes, &state) || hasChanged
      state.position = changes.position
      if !changes.hasMore { return hasChanged }
    }
  }

  private func apply(_ changes: StoreChanges, _ state: inout State) throws -> Bool {
    var hasChanged = false
    for stored in changes.records {
      switch stored.kind {
      case StoredKinds.revocation:
        RevocationFollower.take(try vault.opened(stored), &state)
        hasChanged = true
      case StoredKinds.signingKey:
        try context.refreshKeys()
        hasChanged = true
      case StoredKinds.client: context.clients.forget()
      default: continue
      }
    }
    for removed in changes.removed where removed.kind == StoredKinds.client {
      context.clients.forget()
    }
    return hasChanged
  }
}
