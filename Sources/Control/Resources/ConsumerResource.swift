import Formats
import Storage

/// Consumers of the store.
struct ConsumerResource: Sendable {
  let context: AdminContext

  private static let content = [
    JSONMember("roles", AdminSchema.names), JSONMember("groups", AdminSchema.names),
    JSONMember("disabled", AdminSchema.boolean), JSONMember("plan", AdminSchema.name),
    JSONMember("labels", AdminSchema.labels),
  ]

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/consumers", .read, "lists consumers") { try list($0) },
      AdminEndpoint(
        "POST", "/v1/consumers", .consumers, "makes a consumer",
        content: [JSONMember("name", AdminSchema.name)] + ConsumerResource.content,
        required: ["name"]
      ) { try create($0) },
      AdminEndpoint("GET", "/v1/consumers/{consumer}", .read, "tells of a consumer") {
        try show($0)
      },
      AdminEndpoint(
        "PUT", "/v1/consumers/{consumer}", .consumers, "makes a consumer or changes it whole",
        content: ConsumerResource.content, needsMatch: true
      ) { try put($0) },
      AdminEndpoint(
        "PATCH", "/v1/consumers/{consumer}", .consumers, "changes what is named of a consumer",
        content: ConsumerResource.content, needsMatch: true
      ) { try patch($0) },
      AdminEndpoint(
        "DELETE", "/v1/consumers/{consumer}", .consumers, "removes a consumer with its keys",
        needsMatch: true
      ) { try remove($0) },
    ]
  }

  // MARK: Forms

  /// The record of a consumer.
  static func record(
    roles: [String], groups: [String], disabled: Bool, plan: String?, labels: [JSONMember],
    created: Int
  ) -> JSONValue {
    .object([
      JSONMember("roles", .array(roles.map { .string($0) })),
      JSONMember("groups", .array(groups.map { .string($0) })),
      JSONMember("disabled", .boolean(disabled)),
      JSONMember("plan", plan.map { .string($0) } ?? .null), JSONMember("labels", .object(labels)),
      JSONMember("created", .integer(created)),
    ])
  }

  /// What a consumer can be found by.
  static func indexes(_ record: JSONValue) -> [IndexValue] {
    let roles = (record["roles"]?.elements ?? []).compactMap(\.string)
    let groups = (record["groups"]?.elements ?? []).compactMap(\.string)
    return roles.map { IndexValue("role", $0) } + groups.map { IndexValue("group", $0) }
  }

  static func change(
    _ name: String, _ record: JSONValue, expecting: RecordChange.Expectation
  ) -> VaultChange {
    .put(
      StoredKinds.consumer, name, record, indexes: indexes(record), expecting: expecting)
  }

  static func shown(_ name: String, _ record: JSONValue) -> JSONValue {
    .object([
      JSONMember("name", .string(name)), JSONMember("roles", record["roles"] ?? []),
      JSONMember("groups", record["groups"] ?? []),
      JSONMember("disabled", record["disabled"] ?? false),
      JSONMember("plan", record["plan"] ?? .null),
      JSONMember("labels", record["labels"] ?? .object([JSONMember]())),
      JSONMember("created", .string(Timestamp.text(record["created"]?.integer ?? 0))),
    ])
  }

  /// Reads the members that a consumer has; what is left out is as in `old`.
  func read(
    _ body: inout AdminBody, over old: JSONValue?
  ) throws(AdminFailure) -> JSONValue {
    func names(_ name: String) -> [String] {
      (old?[name]?.elements ?? []).compactMap(\.string)
    }
    var plan = old?["plan"]?.string
    if body.has("plan") {
      plan = try body.name("plan")
      if let plan, !context.owned().plans.contains(plan) {
        throw .malformed("there is no plan '\(plan)' in the configuration file")
      }
    }
    return ConsumerResource.record(
      roles: try body.names("roles") ?? names("roles"),
      groups: try body.names("groups") ?? names("groups"),
      disabled: try body.boolean("disabled") ?? old?["disabled"]?.boolean ?? false,
      plan: plan, labels: try body.labels("labels") ?? old?["labels"]?.members ?? [],
      created: old?["created"]?.integer ?? context.now)
  }

  private func checkOwner(_ name: String) throws(AdminFailure) {
    if context.owned().consumers.contains(name) { throw .ownedByFile("the consumer '\(name)'") }
  }

  private func found(_ name: String) throws -> VaultRecord {
    guard let record = try context.vault.record(StoredKinds.consumer, name) else {
      throw AdminFailure.notFound
    }
    return record
  }

  // MARK: Operations

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records: [VaultRecord]
    if let role = call.query["role"] {
      records = try context.vault.records(
        StoredKinds.consumer, index: "role", value: role, after: after, limit: limit)
    } else if let group = call.query["group"] {
      records = try context.vault.records(
        StoredKinds.consumer, index: "group", value: group, after: after, limit: limit)
    } else {
      records = try context.vault.records(StoredKinds.consumer, after: after, limit: limit)
    }
    return AdminCall.page(
      records.map { ConsumerResource.shown($0.id, $0.body) }, last: records.last?.id,
      limit: limit)
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    let record = try found(call.parameter("consumer"))
    return AdminAnswer(
      200, ConsumerResource.shown(record.id, record.body), revision: record.revision)
  }

  private func create(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let name = try body.requiredName("name")
    let record = try read(&body, over: nil)
    try body.finish()
    return try create(name, record, call)
  }

  private func create(
    _ name: String, _ record: JSONValue, _ call: AdminCall
  ) throws -> AdminAnswer {
    try checkOwner(name)
    if try context.vault.record(StoredKinds.consumer, name) != nil {
      throw AdminFailure.conflict("there is a consumer '\(name)' already")
    }
    let shown = ConsumerResource.shown(name, record)
    return try context.make(
      .init(
        action: "consumer.create", target: "consumers/\(name)", before: nil, after: shown,
        changes: [ConsumerResource.change(name, record, expecting: .absent)]),
      call,
      answer: AdminAnswer(201, shown, revision: 1, location: "/v1/consumers/\(name)"))
  }

  private func put(_ call: AdminCall) throws -> AdminAnswer {
    let name = call.parameter("consumer")
    guard AdminBody.isName(name) else { throw AdminFailure.notFound }
    var body = AdminBody(try call.body())
    let old = try context.vault.record(StoredKinds.consumer, name)
    if old == nil {
      // RFC 9110 §13.1.2: what must not be there yet is said by If-None-Match.
      guard call.field("if-match") == nil else { throw AdminFailure.preconditionFailed }
      let record = try read(&body, over: nil)
      try body.finish()
      return try create(name, record, call)
    }
    if call.field("if-none-match") == "*" { throw AdminFailure.preconditionFailed }
    let base = JSONValue.object([JSONMember("created", old?.body["created"] ?? .null)])
    let record = try read(&body, over: base)
    try body.finish()
    return try change(name, to: record, call)
  }

  private func patch(_ call: AdminCall) throws -> AdminAnswer {
    let name = call.parameter("consumer")
    let old = try found(name)
    var body = AdminBody(try call.body())
    let record = try read(&body, over: old.body)
    try body.finish()
    return try change(name, to: record, call)
  }

  private func change(
    _ name: String, to record: JSONValue, _ call: AdminCall
  ) throws -> AdminAnswer {
    try checkOwner(name)
    let old = try found(name)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    let shown = ConsumerResource.shown(name, record)
    return try context.make(
      .init(
        action: "consumer.change", target: "consumers/\(name)",
        before: ConsumerResource.shown(name, old.body), after: shown,
        changes: [
          ConsumerResource.change(name, record, expecting: .revision(old.revision))
        ]),
      call, answer: AdminAnswer(200, shown, revision: old.revision + 1))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let name = call.parameter("consumer")
    try checkOwner(name)
    let old = try found(name)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    let keys = try context.vault.records(
      StoredKinds.key, index: "consumer", value: name, limit: 10_000)
    return try context.make(
      .init(
        action: "consumer.remove", target: "consumers/\(name)",
        before: ConsumerResource.shown(name, old.body), after: nil,
        changes: [.remove(StoredKinds.consumer, name, expecting: .revision(old.revision))]
          + keys.flatMap {
            [.remove(StoredKinds.key, $0.id), .remove(StoredKinds.keyUse, $0.id)]
          }),
      call, answer: AdminAnswer(204, nil))
  }
}
