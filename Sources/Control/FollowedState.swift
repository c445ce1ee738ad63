import Crypto
import Formats
import PolicyKit
import Storage

/// What a follower has read so far, and the table that it makes of it.
final class FollowedState {
  private(set) var table = LiveTable()
  /// The position of the store up to which everything is in it.
  private(set) var position = 0
  /// By role: those it inherits from.
  private var roles: [String: [String]] = [:]
  /// By group: the roles that it gives.
  private var groups: [String: [String]] = [:]
  /// By the identifier of a ban: whom it keeps out.
  private var bans: [String: BanTarget] = [:]

  /// The roles of the configuration file.
  private var fileRoles: RoleDirectory
  /// Whether everything has to be read anew.
  private(set) var isOutdated = false

  init(_ fileRoles: RoleDirectory) { self.fileRoles = fileRoles }

  /// Has the roles of the file be these; what hangs on them is worked out at the next reading.
  func use(_ roles: RoleDirectory) {
    if roles.text != fileRoles.text { isOutdated = true }
    fileRoles = roles
  }

  /// Deeper than this no role inherits.
  private static let depthMax = 32

  /// Records read at a time.
  private static let page = 1000

  /// Reads the whole store, in place of what was there.
  func load(_ vault: Vault) throws {
    table.clear()
    roles = [:]
    groups = [:]
    bans = [:]
    // What is written meanwhile comes once more with the changes behind this position.
    position = try vault.store.position()
    try forEach(StoredKinds.role, vault) { roles[$0.id] = FollowedState.words($0.body["inherits"]) }
    try forEach(StoredKinds.group, vault) { groups[$0.id] = FollowedState.words($0.body["roles"]) }
    try forEach(StoredKinds.consumer, vault) { try take($0, vault, findsKeys: false) }
    try forEach(StoredKinds.key, vault) { try take(key: $0, vault) }
    try forEach(StoredKinds.sessionEnd, vault) { try take(ending: $0) }
    try forEach(StoredKinds.ban, vault) { try take(ban: $0) }
    isOutdated = false
  }

  private func forEach(
    _ kind: String, _ vault: Vault, _ body: (VaultRecord) throws -> Void
  ) throws {
    var last = ""
    while true {
      let records = try vault.records(kind, after: last, limit: FollowedState.page)
      for record in records { try body(record) }
      guard let end = records.last?.id else { return }
      last = end
    }
  }

  /// Takes over changes; whether the table is another one now.
  func apply(_ changes: StoreChanges, _ vault: Vault) throws -> Bool {
    var changedAccess: [(index: String, value: String)] = []
    var consumers: [VaultRecord] = []
    var keys: [VaultRecord] = []
    var hasChanged = false
    for removed in changes.removed {
      switch removed.kind {
      case StoredKinds.consumer: table.removeConsumer(named: removed.id)
      case StoredKinds.key:
        if let word = AdminSecret.word(ofName: removed.id) {
          table.removeKey(beginningWith: word)
        }
      case StoredKinds.sessionEnd:
        if let digest = Digest256(hex: removed.id) { table.removeEnded(digest.words) }
      case StoredKinds.ban:
        if let target = bans.removeValue(forKey: removed.id) { table.bans.remove(target) }
      case StoredKinds.role:
        roles[removed.id] = nil
        changedAccess.append((index: "role", value: removed.id))
      case StoredKinds.group:
        groups[removed.id] = nil
        changedAccess.append((index: "group", value: removed.id))
      default: continue
      }
      hasChanged = true
    }
    for stored in changes.records {
      switch stored.kind {
      case StoredKinds.consumer: consumers.append(try vault.opened(stored))
      case StoredKinds.key: keys.append(try vault.opened(stored))
      case StoredKinds.sessionEnd: try take(ending: try vault.opened(stored))
      case StoredKinds.ban: try take(ban: try vault.opened(stored))
      case StoredKinds.role:
        roles[stored.id] = FollowedState.words(try vault.opened(stored).body["inherits"])
        changedAccess.append((index: "role", value: stored.id))
      case StoredKinds.group:
        groups[stored.id] = FollowedState.words(try vault.opened(stored).body["roles"])
        changedAccess.append((index: "group", value: stored.id))
      default: continue
      }
      hasChanged = true
    }
    for record in consumers { try take(record, vault, findsKeys: true) }
    try refresh(changedAccess, vault)
    for record in keys { try take(key: record, vault) }
    position = changes.position
    return hasChanged
  }

  private static func words(_ value: JSONValue?) -> [String] {
    (value?.elements ?? []).compactMap(\.string)
  }

  // MARK: Consumers

  private func take(_ record: VaultRecord, _ vault: Vault, findsKeys: Bool) throws {
    let own = FollowedState.words(record.body["roles"])
    let groups = FollowedState.words(record.body["groups"])
    table.set(
      Consumer(
        index: -1, name: record.id, roles: allRoles(record.id, own, groups), groups: Set(groups),
        isDisabled: record.body["disabled"]?.boolean ?? false, scopes: [], isStored: true,
        plan: record.body["plan"]?.string))
    guard findsKeys else { return }
    var last = ""
    while true {
      let keys = try vault.records(
        StoredKinds.key, index: "consumer", value: record.id, after: last, limit: 500)
      for key in keys { try take(key: key, vault) }
      guard let end = keys.last?.id else { return }
      last = end
    }
  }

  /// A consumer's own roles, those of its groups, and whatever these inherit from.
  private func allRoles(
    _ name: String, _ own: [String], _ groups: [String]
  ) -> Set<String> {
    var found = Set<String>()
    var next = own + groups.flatMap { self.groups[$0] ?? [] }
    for _ in 0..<FollowedState.depthMax where !next.isEmpty {
      let new = Set(next).subtracting(found)
      found.formUnion(new)
      next = new.flatMap { roles[$0] ?? [] }
    }
    return fileRoles.roles(
      of: RoleDirectory.Caller(consumer: name, roles: found, groups: Set(groups)))
  }

  /// Makes the consumers anew that have a role or a group that says something else now.
  private func refresh(_ changed: [(index: String, value: String)], _ vault: Vault) throws {
    var roleNames = Set(changed.filter { $0.index == "role" }.map(\.value))
    let groupNames = Set(changed.filter { $0.index == "group" }.map(\.value))
    guard !roleNames.isEmpty || !groupNames.isEmpty else { return }
    for _ in 0..<FollowedState.depthMax {
      let heirs = roles.filter { !roleNames.isDisjoint(with: $0.value) }.map(\.key)
      if Set(heirs).isSubset(of: roleNames) { break }
      roleNames.formUnion(heirs)
    }
    let groupsOfRoles = groups.filter { !roleNames.isDisjoint(with: $0.value) }.map(\.key)
    let all =
      roleNames.map { ("role", $0) } + groupNames.union(groupsOfRoles).map { ("group", $0) }
    for (index, value) in all {
      var last = ""
      while true {
        let consumers = try vault.records(
          StoredKinds.consumer, index: index, value: value, after: last, limit: 500)
        for consumer in consumers { try take(consumer, vault, findsKeys: true) }
        guard let end = consumers.last?.id else { break }
        last = end
      }
    }
  }

  // MARK: Sessions

  private func take(ending record: VaultRecord) throws {
    guard let digest = Digest256(hex: record.id) else {
      throw StoreError.damaged("the end of a session has no hash for a name")
    }
    let start = record.body["start"]?.integer.map { UInt64(clamping: $0) } ?? .max
    table.setEnded(digest.words, startMilliseconds: start)
  }

  // MARK: Bans

  private func take(ban record: VaultRecord) throws {
    guard let text = record.body["target"]?.string, let target = BanTarget(text),
      let until = record.body["until"]?.integer
    else { throw StoreError.damaged("a ban says nothing of whom it keeps out") }
    bans[record.id] = target
    table.bans.set(target, untilMilliseconds: UInt64(clamping: until))
  }

  // MARK: Keys

  private func take(key record: VaultRecord, _ vault: Vault) throws {
    guard let text = record.body["digest"]?.string, let digest = Digest256(hex: text),
      let name = record.body["consumer"]?.string
    else { throw StoreError.damaged("the key '\(record.id)' has no hash or no owner") }
    guard record.body["revoked"]?.integer == nil, let consumer = table.consumer(named: name) else {
      return table.removeKey(beginningWith: digest.words.0)
    }
    let scopes = Set(FollowedState.words(record.body["scopes"]))
    let owner =
      scopes.isEmpty
      ? consumer
      : Consumer(
        index: -1, name: consumer.name, roles: consumer.roles, groups: consumer.groups,
        isDisabled: consumer.isDisabled, scopes: scopes, isStored: true, plan: consumer.plan)
    let used = table.key(beginningWith: digest.words.0)?.lastUsedMilliseconds ?? 0
    table.set(
      LiveKey(
        digest: digest.words, consumer: owner,
        expiresMilliseconds: record.body["expires"]?.integer.map { UInt64(clamping: $0) } ?? .max,
        lastUsed: used))
  }
}
