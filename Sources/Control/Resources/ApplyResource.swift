import Formats
import HTTP
import Storage

/// Consumers, roles and groups as one document, which is applied whole or not at all.
struct ApplyResource: Sendable {
  let context: AdminContext

  /// Changes of one document.
  private static let changesMax = 5000
  /// Things of one kind that are looked at to find those that a document leaves out.
  private static let itemsMax = 200_000

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint(
        "POST", "/v1/apply", .consumers,
        "brings consumers, roles and groups to what a document says, all or nothing",
        content: [
          JSONMember("consumers", ["type": "array"]), JSONMember("roles", ["type": "array"]),
          JSONMember("groups", ["type": "array"]), JSONMember("prune", AdminSchema.boolean),
        ]
      ) { try apply($0) },
      AdminEndpoint(
        "GET", "/v1/export", .read, "tells consumers, roles and groups as one document"
      ) { _ in AdminAnswer(200, try export()) },
    ]
  }

  /// One difference between the document and the store.
  private struct Difference {
    let target: String
    let before: JSONValue?
    let after: JSONValue?
    let change: VaultChange

    var shown: JSONValue {
      [
        "target": .string(target),
        "action": .string(before == nil ? "create" : after == nil ? "remove" : "change"),
        "before": before ?? .null, "after": after ?? .null,
      ]
    }
  }

  private func apply(_ call: AdminCall) throws -> AdminAnswer {
    guard call.caller?.permissions.contains(.roles) == true else {
      throw AdminFailure.denied(.roles)
    }
    var body = AdminBody(try call.body())
    let (consumers, roles, groups) = (
      try body.objects("consumers"), try body.objects("roles"), try body.objects("groups")
    )
    let prunes = try body.boolean("prune") ?? false
    try body.finish()
    var differences: [Difference] = []
    if let roles {
      differences += try access(roles, AccessResource.roles(context), prunes: prunes)
    }
    if let groups {
      differences += try access(groups, AccessResource.groups(context), prunes: prunes)
    }
    if let consumers { differences += try self.consumers(consumers, prunes: prunes) }
    guard differences.count <= ApplyResource.changesMax else {
      throw AdminFailure.malformed(
        "the document changes \(differences.count) things, more than \(ApplyResource.changesMax)")
    }
    let shown = JSONValue.array(differences.map(\.shown))
    if !call.isDryRun, !differences.isEmpty {
      try context.commit(
        .init(
          action: "apply", target: "store", before: nil, after: shown,
          changes: differences.map(\.change)),
        by: call.caller?.name ?? "", token: call.caller?.token, call.request.client)
    }
    return AdminAnswer(
      200,
      .object([
        JSONMember("dry-run", .boolean(call.isDryRun)), JSONMember("changes", shown),
      ]))
  }

  // MARK: Differences

  private func named(_ objects: [JSONObject]) throws -> [(name: String, body: AdminBody)] {
    var names = Set<String>()
    return try objects.map { object in
      var body = AdminBody(object)
      let name = try body.requiredName("name")
      guard names.insert(name).inserted else {
        throw AdminFailure.malformed("'\(name)' is in the document twice")
      }
      return (name, body)
    }
  }

  private func access(
    _ objects: [JSONObject], _ resource: AccessResource, prunes: Bool
  ) throws -> [Difference] {
    try differences(
      objects, kind: resource.kind, prunes: prunes,
      read: { try resource.record(&$0) },
      shown: { AccessResource.shown($0, $1, member: resource.member) },
      change: { .put(resource.kind, $0, $1, expecting: $2) })
  }

  private func consumers(_ objects: [JSONObject], prunes: Bool) throws -> [Difference] {
    let resource = ConsumerResource(context: context)
    return try differences(
      objects, kind: StoredKinds.consumer, prunes: prunes,
      read: { try resource.read(&$0, over: nil) },
      shown: { ConsumerResource.shown($0, $1) },
      change: { ConsumerResource.change($0, $1, expecting: $2) })
  }

  private func differences(
    _ objects: [JSONObject], kind: String, prunes: Bool,
    read: (inout AdminBody) throws -> JSONValue,
    shown: (String, JSONValue) -> JSONValue,
    change: (String, JSONValue, RecordChange.Expectation) -> VaultChange
  ) throws -> [Difference] {
    var found: [Difference] = []
    var names = Set<String>()
    for (name, content) in try named(objects) {
      var body = content
      var record = try read(&body)
      try body.finish()
      names.insert(name)
      if kind == StoredKinds.consumer, context.owned().consumers.contains(name) {
        throw AdminFailure.ownedByFile("the consumer '\(name)'")
      }
      let old = try context.vault.record(kind, name)
      if let created = old?.body["created"], case .object(var object) = record {
        object["created"] = created
        record = .object(object)
      }
      let (before, after) = (old.map { shown(name, $0.body) }, shown(name, record))
      if before == after { continue }
      found.append(
        Difference(
          target: "\(kind)s/\(name)", before: before, after: after,
          change: change(name, record, old.map { .revision($0.revision) } ?? .absent)))
    }
    guard prunes else { return found }
    for old in try context.all(kind, max: ApplyResource.itemsMax) where !names.contains(old.id) {
      found.append(
        Difference(
          target: "\(kind)s/\(old.id)", before: shown(old.id, old.body), after: nil,
          change: .remove(kind, old.id, expecting: .revision(old.revision))))
    }
    return found
  }

  // MARK: Export

  private func export() throws -> JSONValue {
    func items(_ kind: String, _ shown: (String, JSONValue) -> JSONValue) throws -> JSONValue {
      .array(
        try context.all(kind, max: ApplyResource.itemsMax).map { record in
          .object(
            shown(record.id, record.body).members.filter { member in
              member.name != "created" && !member.value.isNull
            })
        })
    }
    return .object([
      JSONMember(
        "roles", try items(StoredKinds.role) { AccessResource.shown($0, $1, member: "inherits") }),
      JSONMember(
        "groups", try items(StoredKinds.group) { AccessResource.shown($0, $1, member: "roles") }),
      JSONMember("consumers", try items(StoredKinds.consumer) { ConsumerResource.shown($0, $1) }),
    ])
  }
}
