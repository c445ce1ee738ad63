import Crypto
import Formats
import HTTP
import PolicyKit
public import Storage
import Synchronization

/// What the endpoints of the admin API share.
public final class AdminContext: Sendable {
  /// The store.
  public let vault: Vault
  /// What the configuration file owns, as it is now.
  public let owned: @Sendable () -> FileOwned
  /// When a key was used last, as far as this gateway knows.
  let lastUsed: @Sendable (_ key: String) -> Int?
  let pepper: KeyedHasher
  let rotation: KeyRotation
  /// What the configuration says of the admin listener, as it is now.
  let rules: @Sendable () -> AdminRules

  /// A context over an open store.
  public init(
    vault: Vault, owned: @escaping @Sendable () -> FileOwned,
    lastUsed: @escaping @Sendable (_ key: String) -> Int?,
    rules: @escaping @Sendable () -> AdminRules = { AdminRules() }
  ) throws(StoreError) {
    self.rules = rules
    self.vault = vault
    self.owned = owned
    self.lastUsed = lastUsed
    pepper = try vault.pepperHasher()
    rotation = KeyRotation(vault)
  }

  /// The time, in milliseconds since 1970.
  var now: Int { vault.now }

  /// All records of a kind, unless there are more than `max`.
  func all(_ kind: String, max: Int) throws -> [VaultRecord] {
    var all: [VaultRecord] = []
    while true {
      let page = try vault.records(kind, after: all.last?.id ?? "", limit: 1000)
      if page.isEmpty { return all }
      all += page
      guard all.count <= max else {
        throw AdminFailure.malformed("there are more than \(max) of \(kind)s: too many for this")
      }
    }
  }

  // MARK: Changes

  /// A change that an endpoint asks for, as the audit log tells it.
  struct Change {
    /// Such as `consumer.create`.
    var action: String
    /// What it is about, as a path.
    var target: String
    /// What was there before, without secrets.
    var before: JSONValue?
    /// What is there afterwards, without secrets.
    var after: JSONValue?
    var changes: [VaultChange]
  }

  /// Makes a change with its entry in the audit log, all or nothing; in a dry run, tells what it
  /// would do.
  func make(
    _ change: Change, _ call: AdminCall, answer: AdminAnswer
  ) throws -> AdminAnswer {
    if call.isDryRun {
      return AdminAnswer(
        200,
        .object([
          JSONMember("dry-run", true), JSONMember("action", .string(change.action)),
          JSONMember("before", change.before ?? .null),
          JSONMember("after", change.after ?? .null),
        ]))
    }
    try commit(change, by: call.caller?.name ?? "", token: call.caller?.token, call.request.client)
    return answer
  }

  /// Makes a change in the name of somebody.
  func commit(
    _ change: Change, by name: String, token: String?, _ client: String
  ) throws(StoreError) {
    var entry = [
      JSONMember("at", .string(Timestamp.text(now))), JSONMember("by", .string(name)),
      JSONMember("from", .string(client)), JSONMember("action", .string(change.action)),
      JSONMember("target", .string(change.target)),
    ]
    if let token { entry.append(JSONMember("token", .string(token))) }
    if let before = change.before { entry.append(JSONMember("before", before)) }
    if let after = change.after { entry.append(JSONMember("after", after)) }
    try vault.commit(change.changes, journal: .object(entry))
  }
}
