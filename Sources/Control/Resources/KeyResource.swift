import Crypto
import Formats
import HTTP
import Storage

/// API keys of the store: shown once, kept as keyed hashes.
struct KeyResource: Sendable {
  let context: AdminContext

  /// Digits of a key that are kept in clear, behind its prefix, so that people can tell keys apart.
  private static let hintCount = 4

  private static let content = [
    JSONMember("note", AdminSchema.text), JSONMember("scopes", AdminSchema.names),
    JSONMember("expires", AdminSchema.time), JSONMember("expires-in", AdminSchema.duration),
  ]

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/consumers/{consumer}/keys", .read, "lists a consumer's keys") {
        try list($0)
      },
      AdminEndpoint(
        "POST", "/v1/consumers/{consumer}/keys", .keys, "makes a key, which is shown once",
        content: KeyResource.content + [JSONMember("hash", AdminSchema.text)]
      ) { try create($0) },
      AdminEndpoint("GET", "/v1/keys/{key}", .read, "tells of a key") { try show($0) },
      AdminEndpoint(
        "PATCH", "/v1/keys/{key}", .keys, "changes note, scopes or expiry of a key",
        content: KeyResource.content, needsMatch: true
      ) { try patch($0) },
      AdminEndpoint(
        "POST", "/v1/keys/{key}/rotate", .keys,
        "makes a key in the place of another, which is good for a while yet",
        content: [
          JSONMember("overlap", AdminSchema.duration),
          JSONMember("expires-in", AdminSchema.duration),
        ]
      ) { try rotate($0) },
      AdminEndpoint("POST", "/v1/keys/{key}/revoke", .revoke, "revokes a key for good") {
        try revoke($0)
      },
      AdminEndpoint(
        "DELETE", "/v1/keys/{key}", .keys, "removes a key", needsMatch: true
      ) { try remove($0) },
    ]
  }

  // MARK: Forms

  static func change(
    _ id: String, _ record: JSONValue, expecting: RecordChange.Expectation
  ) -> VaultChange {
    .put(
      StoredKinds.key, id, record,
      indexes: [IndexValue("consumer", record["consumer"]?.string ?? "")], expecting: expecting)
  }

  private func shown(_ id: String, _ record: JSONValue) throws -> JSONValue {
    let stored = try context.vault.record(StoredKinds.keyUse, id)?.body["at"]?.integer
    let used = max(context.lastUsed(id) ?? 0, stored ?? 0)
    return KeyResource.shown(id, record, used: used, now: context.now)
  }

  static func shown(_ id: String, _ record: JSONValue, used: Int = 0, now: Int) -> JSONValue {
    func time(_ name: String) -> JSONValue {
      record[name]?.integer.map { .string(Timestamp.text($0)) } ?? .null
    }
    let isOver = record["expires"]?.integer.map { $0 <= now } ?? false
    let isRevoked = record["revoked"]?.integer != nil
    return .object([
      JSONMember("id", .string(id)), JSONMember("consumer", record["consumer"] ?? .null),
      JSONMember("hint", record["hint"] ?? .null), JSONMember("note", record["note"] ?? .null),
      JSONMember("scopes", record["scopes"] ?? []),
      JSONMember("state", .string(isRevoked ? "revoked" : isOver ? "expired" : "active")),
      JSONMember("created", time("created")), JSONMember("expires", time("expires")),
      JSONMember("revoked", time("revoked")),
      JSONMember("last-used", used > 0 ? .string(Timestamp.text(used)) : .null),
      JSONMember("replaced-by", record["replaced-by"] ?? .null),
    ])
  }

  /// The record of a new key.
  static func record(
    consumer: String, digest: Digest256, hint: String?, note: String?, scopes: [String],
    expires: Int?, created: Int
  ) -> JSONValue {
    .object([
      JSONMember("consumer", .string(consumer)), JSONMember("digest", .string(digest.hex)),
      JSONMember("hint", hint.map { .string($0) } ?? .null),
      JSONMember("note", note.map { .string($0) } ?? .null),
      JSONMember("scopes", .array(scopes.map { .string($0) })),
      JSONMember("created", .integer(created)),
      JSONMember("expires", expires.map { .integer($0) } ?? .null),
    ])
  }

  private static func hint(_ key: String) -> String {
    String(key.prefix(AdminSecret.keyPrefix.count + hintCount)) + "…"
  }

  private func found(_ id: String) throws -> VaultRecord {
    guard let record = try context.vault.record(StoredKinds.key, id) else {
      throw AdminFailure.notFound
    }
    return record
  }

  // MARK: Operations

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let consumer = call.parameter("consumer")
    guard try context.vault.record(StoredKinds.consumer, consumer) != nil else {
      throw AdminFailure.notFound
    }
    let records = try context.vault.records(
      StoredKinds.key, index: "consumer", value: consumer, after: after, limit: limit)
    return AdminCall.page(
      try records.map { try shown($0.id, $0.body) }, last: records.last?.id, limit: limit)
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    let record = try found(call.parameter("key"))
    return AdminAnswer(200, try shown(record.id, record.body), revision: record.revision)
  }

  private func create(_ call: AdminCall) throws -> AdminAnswer {
    let consumer = call.parameter("consumer")
    if context.owned().consumers.contains(consumer) {
      throw AdminFailure.ownedByFile("the consumer '\(consumer)'")
    }
    guard try context.vault.record(StoredKinds.consumer, consumer) != nil else {
      throw AdminFailure.notFound
    }
    var body = AdminBody(call.request.body.isEmpty ? JSONObject() : try call.body())
    let note = try body.text("note")
    let scopes = try body.names("scopes") ?? []
    let expires = try body.time("expires", orIn: "expires-in", now: context.now)
    let hash = try body.text("hash")
    try body.finish()
    let secret = hash == nil ? try AdminSecret(prefix: AdminSecret.keyPrefix, context.pepper) : nil
    let digest = try secret?.digest ?? imported(hash ?? "")
    let id = AdminSecret.name(digest)
    if try context.vault.record(StoredKinds.key, id) != nil {
      throw AdminFailure.conflict("there is such a key already")
    }
    let record = KeyResource.record(
      consumer: consumer, digest: digest, hint: secret.map { KeyResource.hint($0.text) },
      note: note, scopes: scopes, expires: expires, created: context.now)
    let shown = KeyResource.shown(id, record, now: context.now)
    return try context.make(
      .init(
        action: "key.create", target: "keys/\(id)", before: nil, after: shown,
        changes: [
          KeyResource.change(id, record, expecting: .absent),
          .require(StoredKinds.consumer, consumer),
        ]),
      call, answer: answer(secret, shown, id))
  }

  /// The keyed hash of a key of which only the SHA-256 is known.
  private func imported(_ hash: String) throws(AdminFailure) -> Digest256 {
    guard hash.hasPrefix("sha256:"), let digest = Digest256(hex: String(hash.dropFirst(7))) else {
      throw .malformed("'hash' is 'sha256:' and 64 hexadecimal digits")
    }
    return context.pepper.hash(digest)
  }

  private func answer(_ secret: AdminSecret?, _ shown: JSONValue, _ id: String) -> AdminAnswer {
    let key = secret.map { [JSONMember("key", .string($0.text))] } ?? []
    return AdminAnswer(
      201, .object(key + shown.members), revision: 1, location: "/v1/keys/\(id)")
  }

  private func patch(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call.parameter("key"))
    guard case .object(var record) = old.body else { throw AdminFailure.notFound }
    var body = AdminBody(try call.body())
    if let note = try body.text("note") { record["note"] = .string(note) }
    if let scopes = try body.names("scopes") {
      record["scopes"] = .array(scopes.map { .string($0) })
    }
    let clears = body.has("expires")
    if let expires = try body.time("expires", orIn: "expires-in", now: context.now) {
      record["expires"] = .integer(expires)
    } else if clears {
      record["expires"] = .null
    }
    try body.finish()
    return try change(old, to: .object(record), "key.change", call)
  }

  private func change(
    _ old: VaultRecord, to record: JSONValue, _ action: String, _ call: AdminCall,
    needsMatch: Bool = true
  ) throws -> AdminAnswer {
    let expected = needsMatch ? try call.expectedRevision() : nil
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    let shown = try shown(old.id, record)
    return try context.make(
      .init(
        action: action, target: "keys/\(old.id)", before: try self.shown(old.id, old.body),
        after: shown,
        changes: [KeyResource.change(old.id, record, expecting: .revision(old.revision))]),
      call, answer: AdminAnswer(200, shown, revision: old.revision + 1))
  }

  private func revoke(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call.parameter("key"))
    guard case .object(var record) = old.body else { throw AdminFailure.notFound }
    if record["revoked"]?.integer != nil {
      return AdminAnswer(200, try shown(old.id, old.body), revision: old.revision)
    }
    record["revoked"] = .integer(context.now)
    return try change(old, to: .object(record), "key.revoke", call, needsMatch: false)
  }

  private func rotate(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call.parameter("key"))
    guard case .object(var record) = old.body, record["revoked"]?.integer == nil else {
      throw AdminFailure.conflict("the key is revoked")
    }
    var body = AdminBody(call.request.body.isEmpty ? JSONObject() : try call.body())
    let overlap = try body.duration("overlap") ?? 86_400_000
    let length = try body.duration("expires-in")
    try body.finish()
    let secret = try AdminSecret(prefix: AdminSecret.keyPrefix, context.pepper)
    let new = KeyResource.record(
      consumer: record["consumer"]?.string ?? "", digest: secret.digest,
      hint: KeyResource.hint(secret.text), note: record["note"]?.string,
      scopes: (record["scopes"]?.elements ?? []).compactMap(\.string),
      expires: length.map { context.now + $0 }, created: context.now)
    record["expires"] = .integer(
      min(record["expires"]?.integer ?? .max, context.now + overlap))
    record["replaced-by"] = .string(secret.name)
    let shown = KeyResource.shown(secret.name, new, now: context.now)
    return try context.make(
      .init(
        action: "key.rotate", target: "keys/\(old.id)", before: try self.shown(old.id, old.body),
        after: shown,
        changes: [
          KeyResource.change(secret.name, new, expecting: .absent),
          KeyResource.change(old.id, .object(record), expecting: .revision(old.revision)),
        ]),
      call, answer: answer(secret, shown, secret.name))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call.parameter("key"))
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    return try context.make(
      .init(
        action: "key.remove", target: "keys/\(old.id)", before: try shown(old.id, old.body),
        after: nil,
        changes: [
          .remove(StoredKinds.key, old.id, expecting: .revision(old.revision)),
          .remove(StoredKinds.keyUse, old.id),
        ]),
      call, answer: AdminAnswer(204, nil))
  }
}
