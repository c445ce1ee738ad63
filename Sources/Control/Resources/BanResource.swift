import Formats
import PolicyKit
import Storage

/// Who is kept out for a while.
struct BanResource: Sendable {
  let context: AdminContext

  /// The longest ban, in milliseconds: ten years.
  private static let longest = 315_360_000_000
  private static let standard = 3_600_000

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/bans", .read, "lists who is kept out for a while") { try list($0) },
      AdminEndpoint(
        "POST", "/v1/bans", .bans, "keeps an address, a block of them or a name out for a while",
        content: [
          JSONMember("target", AdminSchema.text), JSONMember("for", AdminSchema.duration),
          JSONMember("until", AdminSchema.time), JSONMember("reason", AdminSchema.text),
        ], required: ["target"]
      ) { try create($0) },
      AdminEndpoint("GET", "/v1/bans/{ban}", .read, "tells of a ban") { try show($0) },
      AdminEndpoint("DELETE", "/v1/bans/{ban}", .bans, "lifts a ban", needsMatch: true) {
        try remove($0)
      },
    ]
  }

  /// What a ban is called in the store: nobody reads in it whom it keeps out.
  static func id(_ target: BanTarget, _ vault: Vault) throws(StoreError) -> String {
    try vault.blinded("ban \(target.text)")
  }

  static func record(_ ban: Ban, by name: String, created: Int) -> JSONValue {
    .object([
      JSONMember("target", .string(ban.target.text)),
      JSONMember("until", .integer(Int(clamping: ban.untilMilliseconds))),
      JSONMember("reason", .string(ban.reason)), JSONMember("by", .string(name)),
      JSONMember("created", .integer(created)),
    ])
  }

  static func change(_ ban: Ban, _ record: JSONValue, _ vault: Vault) throws(StoreError)
    -> VaultChange
  {
    .put(
      StoredKinds.ban, try id(ban.target, vault), record,
      expires: Int(clamping: ban.untilMilliseconds))
  }

  private static func shown(_ record: JSONValue) -> JSONValue {
    .object([
      JSONMember("target", record["target"] ?? .null),
      JSONMember("until", .string(Timestamp.text(record["until"]?.integer ?? 0))),
      JSONMember("reason", record["reason"] ?? .null), JSONMember("by", record["by"] ?? .null),
      JSONMember("created", .string(Timestamp.text(record["created"]?.integer ?? 0))),
    ])
  }

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records = try context.vault.records(StoredKinds.ban, after: after, limit: limit)
    return AdminCall.page(
      records.map { BanResource.shown($0.body) }, last: records.last?.id, limit: limit)
  }

  private func found(_ call: AdminCall) throws -> (target: BanTarget, record: VaultRecord) {
    guard let target = BanTarget(call.parameter("ban")),
      let record = try context.vault.record(
        StoredKinds.ban, BanResource.id(target, context.vault))
    else { throw AdminFailure.notFound }
    return (target, record)
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    let record = try found(call).record
    return AdminAnswer(200, BanResource.shown(record.body), revision: record.revision)
  }

  private func create(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let text = try body.requiredText("target")
    let until = try body.time("until", orIn: "for", now: context.now)
    let reason = try body.text("reason") ?? ""
    try body.finish()
    guard let target = BanTarget(text) else {
      throw AdminFailure.malformed(
        "'target' is an address, a block such as 192.0.2.0/24, or 'subject:' and a name")
    }
    let end = until ?? context.now + BanResource.standard
    guard end - context.now <= BanResource.longest else {
      throw AdminFailure.malformed("a ban ends within ten years")
    }
    let ban = Ban(target, untilMilliseconds: UInt64(clamping: end), reason: reason)
    let record = BanResource.record(ban, by: call.caller?.name ?? "", created: context.now)
    let shown = BanResource.shown(record)
    return try context.make(
      .init(
        action: "ban.create", target: "bans/\(target.text)", before: nil, after: shown,
        changes: [try BanResource.change(ban, record, context.vault)]),
      call, answer: AdminAnswer(201, shown))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let (target, old) = try found(call)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    return try context.make(
      .init(
        action: "ban.remove", target: "bans/\(target.text)",
        before: BanResource.shown(old.body), after: nil,
        changes: [.remove(StoredKinds.ban, old.id, expecting: .revision(old.revision))]),
      call, answer: AdminAnswer(204, nil))
  }
}
