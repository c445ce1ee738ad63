import Blueprint
import Crypto
public import Formats
import JOSE
public import Storage

/// Clients of the store, as administrators make and change them.
public struct ClientRecords: Sendable {
  private let context: IdentityContext

  /// The clients of an identity provider.
  public init(_ context: IdentityContext) { self.context = context }

  /// Secrets that are good at a time: the new one, and those that it replaces for a while.
  private static let secretsMax = 3
  /// How long a replaced secret stays good, in milliseconds, so that deployments can follow.
  private static let overlapMilliseconds = 86_400_000

  private static let text: JSONValue = ["type": "string", "maxLength": 1024]
  private static let texts: JSONValue = [
    "type": "array", "maxItems": 64, "items": ["type": "string", "maxLength": 2048],
  ]

  /// The members that a client has.
  public static let members: [JSONMember] = [
    JSONMember("id", text), JSONMember("name", text),
    JSONMember(
      "authentication",
      [
        "type": "string",
        "enum": .array(ClientBlueprint.Authentication.allCases.map { .string($0.rawValue) }),
      ]),
    JSONMember("new-secret", ["type": "boolean"]), JSONMember("jwks", ["type": "object"]),
    JSONMember("redirect-uris", texts), JSONMember("post-logout-redirect-uris", texts),
    JSONMember("grants", texts), JSONMember("scopes", texts), JSONMember("roles", texts),
    JSONMember("audiences", texts), JSONMember("trusted", ["type": "boolean"]),
    JSONMember("require-pushed-requests", ["type": "boolean"]),
    JSONMember("require-dpop", ["type": "boolean"]),
    JSONMember("id-token-algorithm", ["type": "string", "enum": ["RS256", "ES256"]]),
    JSONMember("access-token-seconds", ["type": "integer", "minimum": 10, "maximum": 86_400]),
    JSONMember("disabled", ["type": "boolean"]),
  ]

  /// A record that is to be written, with the secret that is shown once.
  public struct Draft {
    /// What the client is called.
    public let id: String
    /// The record.
    public let body: JSONValue
    /// The new secret; nil if there is none.
    public let secret: String?
    /// What has to be written with it.
    public let more: [VaultChange]
  }

  /// The record for what was sent, over an old one if there is one. Throws what is wrong with it.
  public func draft(_ sent: JSONObject, over old: VaultRecord?) throws -> Draft {
    var body = JSONObject(old?.body.members ?? [])
    for member in sent.members where member.name != "id" && member.name != "new-secret" {
      try ClientRecords.check(member)
      body[member.name] = member.value.isNull ? nil : member.value
    }
    let id = try old?.id ?? sent["id"]?.string ?? context.clientID()
    if old != nil, let other = sent["id"]?.string, other != id {
      throw RecordFlaw("'id' cannot be changed")
    }
    if body["grants"] == nil { body["grants"] = ["authorization_code", "refresh_token"] }
    if body["authentication"] == nil {
      body["authentication"] = body["jwks"] == nil ? "client_secret_basic" : "private_key_jwt"
    }
    if old == nil { body["created"] = .integer(context.now) }
    let usesSecret = body["authentication"]?.string?.hasPrefix("client_secret") == true
    let wantsSecret = sent["new-secret"]?.boolean == true || (old == nil && usesSecret)
    var secret: String?
    if wantsSecret, usesSecret {
      let text = try context.secret("ghcs_")
      secret = text
      body["secrets"] = secrets(body["secrets"], adding: text)
    }
    try check(id, .object(body))
    let isOver = body["disabled"]?.boolean == true && old?.body["disabled"]?.boolean != true
    let more = try isOver ? revocations(of: id) : []
    return Draft(id: id, body: .object(body), secret: secret, more: more)
  }

  /// What ends with a client.
  public func removal(_ record: VaultRecord) throws -> [VaultChange] {
    let consents = try context.vault.records(
      StoredKinds.consent, index: "client", value: record.id, limit: 10_000)
    return try revocations(of: record.id)
      + consents.map { .remove(StoredKinds.consent, $0.id) }
  }

  private func revocations(of id: String) throws -> [VaultChange] {
    let grants = try context.vault.records(
      StoredKinds.grant, index: "client", value: id, limit: 10_000
    ).compactMap { Grant($0.id, $0.body) }
    // Tokens of the client's own have it as their subject.
    return Revocation.changes(grants, at: context.now)
      + [Revocation.note(.user(id), at: context.now)]
  }

  /// How a client is shown: without its secrets.
  public static func shown(_ id: String, _ body: JSONValue) -> JSONValue {
    let hidden = ["secrets", "created"]
    let count = body["secrets"]?.elements.count ?? 0
    return .object(
      [JSONMember("id", .string(id))] + body.members.filter { !hidden.contains($0.name) } + [
        JSONMember("secret-count", .integer(count)),
        JSONMember("created", .string(Timestamp.text(body["created"]?.integer ?? 0))),
      ])
  }

  private func secrets(_ old: JSONValue?, adding secret: String) -> JSONValue {
    let until = context.now + ClientRecords.overlapMilliseconds
    let kept = (old?.elements ?? []).suffix(ClientRecords.secretsMax - 1).map { value in
      JSONValue.object([
        JSONMember("digest", value["digest"] ?? .null),
        JSONMember("expires", .integer(min(value["expires"]?.integer ?? until, until))),
      ])
    }
    let new = JSONValue.object([JSONMember("digest", .string(context.hash(secret).hex))])
    return .array(kept + [new])
  }

  private static func check(_ member: JSONMember) throws(RecordFlaw) {
    if member.value.isNull { return }
    guard let schema = members.first(where: { $0.name == member.name })?.value else { return }
    let isRight =
      switch schema["type"]?.string {
      case "string": member.value.string != nil
      case "boolean": member.value.boolean != nil
      case "integer": member.value.integer.map { (10...86_400).contains($0) } ?? false
      case "object": member.value.typeName == "object"
      default:
        member.value.typeName == "array" && member.value.elements.count <= 64
          && member.value.elements.allSatisfy { $0.string != nil }
      }
    guard isRight else { throw RecordFlaw("'\(member.name)' is of another type, or too much") }
    let words = (schema["enum"]?.elements ?? []).compactMap(\.string)
    if let text = member.value.string, !words.isEmpty, !words.contains(text) {
      throw RecordFlaw("'\(member.name)' is one of \(words.joined(separator: ", "))")
    }
  }

  private func check(_ id: String, _ body: JSONValue) throws(RecordFlaw) {
    let settings = context.settings
    let grants = (body["grants"]?.elements ?? []).compactMap(\.string)
    for grant in grants where ClientBlueprint.Grant(rawValue: grant) == nil {
      let words = ClientBlueprint.Grant.allCases.map(\.rawValue).joined(separator: ", ")
      throw RecordFlaw("'grants' holds any of \(words)")
    }
    let scopes = (body["scopes"]?.elements ?? []).compactMap(\.string)
    for scope in scopes where !settings.scopes.contains(scope) {
      throw RecordFlaw("there is no scope \(Quoting.short(scope))")
    }
    let client = OAuthClient(id, body)
    // The hashes of its secrets are in the record; what counts here is that there is one.
    var blueprint = client.blueprint
    if !client.secrets.isEmpty {
      blueprint.secrets = [KeyDigest(bytes: [UInt8](repeating: 1, count: 32))].compactMap { $0 }
    }
    if let flaw = blueprint.flaw { throw RecordFlaw("\(flaw.message): expected \(flaw.expected)") }
    if blueprint.keys != nil, client.keys?.isEmpty ?? true {
      throw RecordFlaw("'jwks' holds no public key that signs with a usual algorithm")
    }
    if let keys = body["jwks"]?["keys"]?.elements,
      keys.contains(where: { $0["d"] != nil || $0["k"] != nil })
    {
      throw RecordFlaw("'jwks' holds secrets: send public keys")
    }
  }
}
