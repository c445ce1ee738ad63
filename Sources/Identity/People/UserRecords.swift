import Crypto
public import Formats
public import Storage

/// Users of the store, as administrators make and change them.
public struct UserRecords: Sendable {
  private let context: IdentityContext

  /// The users of an identity provider.
  public init(_ context: IdentityContext) { self.context = context }

  private static let text: JSONValue = ["type": "string", "maxLength": 256]
  private static let names: JSONValue = [
    "type": "array", "maxItems": 64, "items": ["type": "string", "maxLength": 128],
  ]

  /// The members that a user has.
  public static let members: [JSONMember] = [
    JSONMember("name", text),
    JSONMember(
      "password",
      [
        "type": "string", "minLength": .integer(PasswordForm.charactersMin),
        "maxLength": .integer(PasswordForm.bytesMax),
      ]),
    JSONMember("full-name", text), JSONMember("email", text),
    JSONMember("email-verified", ["type": "boolean"]), JSONMember("roles", names),
    JSONMember("groups", names), JSONMember("disabled", ["type": "boolean"]),
    JSONMember("remove-second-factor", ["type": "boolean"]),
  ]

  /// A record that is to be written.
  public struct Draft {
    /// What tokens call the user.
    public let id: String
    /// The record.
    public let body: JSONValue
    /// What it is found by.
    public let indexes: [IndexValue]
    /// What has to be written with it.
    public let more: [VaultChange]
  }

  /// The record for what was sent, over an old one if there is one. Throws what is wrong with it.
  public func draft(_ sent: JSONObject, over old: VaultRecord?) throws -> Draft {
    var body = JSONObject(old?.body.members ?? [])
    for member in sent.members
    where member.name != "password" && member.name != "remove-second-factor" {
      try UserRecords.check(member)
      body[member.name] = member.value.isNull ? nil : member.value
    }
    guard let name = body["name"]?.string, UserRecords.isName(name) else {
      throw RecordFlaw("'name' is 1 to 128 letters, digits and any of ._-@+")
    }
    if context.settings.usersByName[name.lowercased()] != nil {
      throw RecordFlaw("the configuration file has a user of that name")
    }
    if let value = sent["password"] {
      guard let password = value.string else { throw RecordFlaw("'password' is a text") }
      let words = [name, body["email"]?.string, body["full-name"]?.string].compactMap { $0 }
      if let flaw = PasswordForm.flaw(password, context: words) {
        throw RecordFlaw("'password' cannot be taken: \(flaw)")
      }
      body["password"] = .string(try PasswordHash(of: PasswordForm.normal(password)).text)
    }
    if old == nil { body["created"] = .integer(context.now) }
    if sent["remove-second-factor"]?.boolean == true {
      for name in ["one-time-secret", "one-time-used", "recovery-codes"] { body[name] = nil }
    }
    let id = try old?.id ?? context.subject()
    // Whoever knew the old password, or was let in by it, is out.
    let loses = sent["password"] != nil || body["disabled"]?.boolean == true
    return Draft(
      id: id, body: .object(body),
      indexes: [
        IndexValue("name", try UserDirectory.index(name, context.vault), isUnique: true)
      ], more: try old != nil && loses ? ends(of: id) : [])
  }

  /// What ends with a user.
  public func removal(_ record: VaultRecord) throws -> [VaultChange] {
    let consents = try context.vault.records(
      StoredKinds.consent, index: "user", value: record.id, limit: 10_000)
    return try ends(of: record.id) + consents.map { .remove(StoredKinds.consent, $0.id) }
  }

  /// A user's sessions and grants, and the tokens that are out.
  private func ends(of subject: String) throws -> [VaultChange] {
    let sessions = try context.vault.records(
      StoredKinds.browserSession, index: "user", value: subject, limit: 10_000)
    let grants = try context.vault.records(
      StoredKinds.grant, index: "user", value: subject, limit: 10_000)
    return sessions.map { .remove(StoredKinds.browserSession, $0.id) }
      + grants.map { .remove(StoredKinds.grant, $0.id) }
      + [Revocation.note(.user(subject), at: context.now)]
  }

  /// How a user is shown: without his password.
  public static func shown(_ id: String, _ body: JSONValue) -> JSONValue {
    let hidden = [
      "password", "created", "one-time-secret", "one-time-pending", "one-time-used",
      "recovery-codes",
    ]
    return .object(
      [JSONMember("id", .string(id))] + body.members.filter { !hidden.contains($0.name) } + [
        JSONMember("has-password", .boolean(body["password"] != nil)),
        JSONMember("has-one-time-passwords", .boolean(body["one-time-secret"] != nil)),
        JSONMember("created", .string(Timestamp.text(body["created"]?.integer ?? 0))),
      ])
  }

  private static func isName(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "._-@+".utf8.contains($0)
        }
      }
  }

  private static func check(_ member: JSONMember) throws(RecordFlaw) {
    if member.value.isNull { return }
    let isRight =
      switch member.name {
      case "email-verified", "disabled": member.value.boolean != nil
      case "roles", "groups":
        member.value.typeName == "array" && member.value.elements.count <= 64
          && member.value.elements.allSatisfy { $0.string.map(isName) ?? false }
      default: member.value.string.map { $0.utf8.count <= 256 } ?? false
      }
    guard isRight else { throw RecordFlaw("'\(member.name)' is of another type, or too much") }
  }
}
