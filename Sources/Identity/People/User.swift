import Blueprint
import Crypto
import Formats
import Storage

/// Somebody who may sign in.
struct User: Sendable {
  /// What tokens call him: never another user's, whatever he is renamed to.
  let subject: String
  /// What he types.
  let name: String
  /// The Argon2id hash of his password; nil if he has none.
  let password: PasswordHash?
  let fullName: String?
  let email: String?
  let isEmailVerified: Bool
  let roles: [String]
  let groups: [String]
  let isDisabled: Bool
  /// The secret of his one-time passwords (RFC 6238); nil if he uses none.
  let oneTimeSecret: [UInt8]?
  /// The record, for whoever changes it; nil for one of the file.
  let record: VaultRecord?

  /// The claims that a scope opens (OpenID Connect Core 1.0 §5.4).
  static let claimsOfScopes: [String: [String]] = [
    "profile": ["name", "preferred_username"], "email": ["email", "email_verified"],
  ]
  /// The claims that there are.
  static let claimNames = ["name", "preferred_username", "email", "email_verified"]

  /// A user of the configuration file, whose subject follows from the name.
  init(_ blueprint: UserBlueprint) {
    let hash = SHA256Hasher().hash("file user \(blueprint.name.lowercased())".utf8.span)
    subject = "f-" + hash.hex.prefix(32)
    name = blueprint.name
    password = PasswordHash(blueprint.password)
    fullName = blueprint.fullName
    email = blueprint.email
    isEmailVerified = blueprint.isEmailVerified
    roles = blueprint.roles
    groups = blueprint.groups
    isDisabled = blueprint.isDisabled
    oneTimeSecret = nil
    record = nil
  }

  /// A user of the store.
  init(_ record: VaultRecord) {
    func words(_ name: String) -> [String] {
      (record.body[name]?.elements ?? []).compactMap(\.string)
    }
    subject = record.id
    name = record.body["name"]?.string ?? ""
    password = record.body["password"]?.string.flatMap { PasswordHash($0) }
    fullName = record.body["full-name"]?.string
    email = record.body["email"]?.string
    isEmailVerified = record.body["email-verified"]?.boolean ?? false
    roles = words("roles")
    groups = words("groups")
    isDisabled = record.body["disabled"]?.boolean ?? false
    oneTimeSecret = record.body["one-time-secret"]?.string.flatMap {
      Base64.decode($0.utf8.span)
    }
    self.record = record
  }

  /// The claims of these names, as far as they are known.
  func claims(named names: [String]) -> [JSONMember] {
    User.claimNames.filter(names.contains).compactMap { name in
      let value: JSONValue? =
        switch name {
        case "name": fullName.map { .string($0) }
        case "preferred_username": .string(self.name)
        case "email": email.map { .string($0) }
        case "email_verified": email.map { _ in .boolean(isEmailVerified) }
        default: nil
        }
      return value.map { JSONMember(name, $0) }
    }
  }

  /// The names of the claims that scopes open.
  static func claims(ofScopes scopes: [String]) -> [String] {
    scopes.flatMap { claimsOfScopes[$0] ?? [] }
  }
}
