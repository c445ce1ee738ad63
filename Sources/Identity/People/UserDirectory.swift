import Formats
import Storage

/// Finds users: those of the file first, then those of the store.
final class UserDirectory: Sendable {
  /// Deeper than this no role inherits.
  private static let depthMax = 32

  private let vault: Vault

  init(_ vault: Vault) { self.vault = vault }

  /// What a name is found by: the same whatever the case of its letters.
  static func index(_ name: String, _ vault: Vault) throws(StoreError) -> String {
    try vault.blinded("user \(name.lowercased())")
  }

  /// The user of that name; nil if there is none.
  func find(name: String, _ settings: IdentitySettings) throws -> User? {
    // Both are looked for, so that the time does not tell where somebody is from.
    let record = try vault.records(
      StoredKinds.user, index: "name", value: UserDirectory.index(name, vault), limit: 1
    ).first
    return settings.usersByName[name.lowercased()] ?? record.map { User($0) }
  }

  /// The user whom tokens call so; nil if there is none, or if he is disabled.
  func find(subject: String, _ settings: IdentitySettings) throws -> User? {
    let user =
      try settings.usersBySubject[subject]
      ?? vault.record(StoredKinds.user, subject).map { User($0) }
    return user?.isDisabled == false ? user : nil
  }

  /// The user's own roles, those of the groups, and whatever these inherit from.
  func access(of user: User) throws -> (roles: [String], groups: [String]) {
    var found = Set<String>()
    var next = Set(user.roles)
    for group in user.groups {
      let record = try vault.record(StoredKinds.group, group)
      next.formUnion((record?.body["roles"]?.elements ?? []).compactMap(\.string))
    }
    for _ in 0..<UserDirectory.depthMax where !next.isEmpty {
      found.formUnion(next)
      var inherited = Set<String>()
      for role in next {
        let record = try vault.record(StoredKinds.role, role)
        inherited.formUnion((record?.body["inherits"]?.elements ?? []).compactMap(\.string))
      }
      next = inherited.subtracting(found)
    }
    return (found.sorted(), user.groups.sorted())
  }
}
