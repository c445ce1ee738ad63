import Formats
import Storage

/// Roles or groups of the store: names that say more than themselves.
///
/// Who has a role has those it inherits from as well; who is in a group has the group's roles.
struct AccessResource: Sendable {
  let context: AdminContext
  /// `role` or `group`.
  let kind: String
  /// The member that names roles: `inherits` or `roles`.
  let member: String

  static func roles(_ context: AdminContext) -> AccessResource {
    AccessResource(context: context, kind: StoredKinds.role, member: "inherits")
  }

  static func groups(_ context: AdminContext) -> AccessResource {
    AccessResource(context: context, kind: StoredKinds.group, member: "roles")
  }

  private var content: [JSONMember] {
    [JSONMember("note", AdminSchema.text), JSONMember(member, AdminSchema.names)]
  }

  var endpoints: [AdminEndpoint] {
    let (all, one) = ("/v1/\(kind)s", "/v1/\(kind)s/{\(kind)}")
    return [
      AdminEndpoint("GET", all, .read, "lists \(kind)s") { try list($0) },
      AdminEndpoint("GET", one, .read, "tells of a \(kind)") { try show($0) },
      AdminEndpoint(
        "PUT", one, .roles, "makes a \(kind) or changes it", content: content, needsMatch: true
      ) { try put($0) },
      AdminEndpoint("DELETE", one, .roles, "removes a \(kind)", needsMatch: true) {
        try remove($0)
      },
    ]
  }

  static func shown(_ id: String, _ record: JSONValue, member: String) -> JSONValue {
    .object([
      JSONMember("name", .string(id)), JSONMember("note", record["note"] ?? .null),
      JSONMember(member, record[member] ?? []),
    ])
  }

  private func shown(_ id: String, _ record: JSONValue) -> JSONValue {
    AccessResource.shown(id, record, member: member)
  }

  /// Reads the members that a role or a group has.
  func record(_ body: inout AdminBody) throws(AdminFailure) -> JSONValue {
    .object([
      JSONMember("note", try body.text("note").map { .string($0) } ?? .null),
      JSONMember(member, .array((try body.names(member) ?? []).map { .string($0) })),
    ])
  }

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records = try context.vault.records(kind, after: after, limit: limit)
    return AdminCall.page(
      records.map { shown($0.id, $0.body) }, last: records.last?.id, limit: limit)
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    guard let record = try context.vault.record(kind, call.parameter(kind)) else {
      throw AdminFailure.notFound
    }
    return AdminAnswer(200, shown(record.id, record.body), revision: record.revision)
  }

  private func put(_ call: AdminCall) throws -> AdminAnswer {
    let name = call.parameter(kind)
    guard AdminBody.isName(name) else { throw AdminFailure.notFound }
    var body = AdminBody(try call.body())
    let record = try record(&body)
    try body.finish()
    let old = try context.vault.record(kind, name)
    var expectation = RecordChange.Expectation.absent
    if let old {
      if call.field("if-none-match") == "*" { throw AdminFailure.preconditionFailed }
      let expected = try call.expectedRevision()
      if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
      expectation = .revision(old.revision)
    } else if call.field("if-match") != nil {
      throw AdminFailure.preconditionFailed
    }
    let shown = shown(name, record)
    return try context.make(
      .init(
        action: "\(kind).\(old == nil ? "create" : "change")", target: "\(kind)s/\(name)",
        before: old.map { self.shown(name, $0.body) }, after: shown,
        changes: [.put(kind, name, record, expecting: expectation)]),
      call,
      answer: AdminAnswer(
        old == nil ? 201 : 200, shown, revision: (old?.revision ?? 0) + 1,
        location: old == nil ? "/v1/\(kind)s/\(name)" : nil))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let name = call.parameter(kind)
    guard let old = try context.vault.record(kind, name) else { throw AdminFailure.notFound }
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    return try context.make(
      .init(
        action: "\(kind).remove", target: "\(kind)s/\(name)", before: shown(name, old.body),
        after: nil, changes: [.remove(kind, name, expecting: .revision(old.revision))]),
      call, answer: AdminAnswer(204, nil))
  }
}
