import Formats
import Storage

/// Lists and changes the records of a kind that another service has told of.
struct RecordResource: Sendable {
  let context: AdminContext
  let kind: RecordKind

  var endpoints: [AdminEndpoint] {
    let (all, one) = ("/v1/\(kind.words)", "/v1/\(kind.words)/{id}")
    return [
      AdminEndpoint("GET", all, .read, "lists \(kind.words)") { try list($0) },
      AdminEndpoint(
        "POST", all, .identity, "makes a \(kind.word)", content: kind.members,
        required: kind.required
      ) { try create($0) },
      AdminEndpoint("GET", one, .read, "tells of a \(kind.word)") { try show($0) },
      AdminEndpoint(
        "PATCH", one, .identity, "changes what is named of a \(kind.word)",
        content: kind.members, needsMatch: true
      ) { try patch($0) },
      AdminEndpoint(
        "DELETE", one, .identity, "removes a \(kind.word) with its tokens", needsMatch: true
      ) { try remove($0) },
    ]
  }

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records = try context.vault.records(kind.kind, after: after, limit: limit)
    return AdminCall.page(
      records.map { kind.shown($0.id, $0.body) }, last: records.last?.id, limit: limit)
  }

  private func found(_ call: AdminCall) throws -> VaultRecord {
    guard let record = try context.vault.record(kind.kind, call.parameter("id")) else {
      throw AdminFailure.notFound
    }
    return record
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    let record = try found(call)
    return AdminAnswer(200, kind.shown(record.id, record.body), revision: record.revision)
  }

  /// What was sent, of which every member is one that the kind has.
  private func draft(_ call: AdminCall, over old: VaultRecord?) throws -> RecordKind.Draft {
    let sent = try call.body()
    for member in sent.members where !kind.members.contains(where: { $0.name == member.name }) {
      let near = Spelling.nearest(to: member.name, in: kind.members.map(\.name).sorted())
      throw AdminFailure.malformed(
        "unknown member \(member.name.prefix(64).debugDescription)"
          + (near.map { ", did you mean '\($0)'?" } ?? ""))
    }
    do {
      return try kind.draft(sent, old)
    } catch let flaw as RecordKind.Flaw {
      throw AdminFailure.malformed(flaw.message)
    }
  }

  private func create(_ call: AdminCall) throws -> AdminAnswer {
    let draft = try draft(call, over: nil)
    guard AdminBody.isName(draft.id) else {
      throw AdminFailure.malformed("the identifier is 1 to 128 letters, digits and any of ._-@:/+")
    }
    if kind.owned().contains(draft.id) {
      throw AdminFailure.ownedByFile("the \(kind.word) '\(draft.id)'")
    }
    let shown = kind.shown(draft.id, draft.body)
    return try context.make(
      .init(
        action: "\(kind.word).create", target: "\(kind.words)/\(draft.id)", before: nil,
        after: shown,
        changes: [
          .put(kind.kind, draft.id, draft.body, indexes: draft.indexes, expecting: .absent)
        ] + draft.more),
      call,
      answer: AdminAnswer(
        201, .object(shown.members + draft.secrets), revision: 1,
        location: "/v1/\(kind.words)/\(draft.id)"))
  }

  private func patch(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call)
    let draft = try draft(call, over: old)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    let shown = kind.shown(old.id, draft.body)
    return try context.make(
      .init(
        action: "\(kind.word).change", target: "\(kind.words)/\(old.id)",
        before: kind.shown(old.id, old.body), after: shown,
        changes: [
          .put(
            kind.kind, old.id, draft.body, indexes: draft.indexes,
            expecting: .revision(old.revision))
        ] + draft.more),
      call,
      answer: AdminAnswer(
        200, .object(shown.members + draft.secrets), revision: old.revision + 1))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    return try context.make(
      .init(
        action: "\(kind.word).remove", target: "\(kind.words)/\(old.id)",
        before: kind.shown(old.id, old.body), after: nil,
        changes: [.remove(kind.kind, old.id, expecting: .revision(old.revision))]
          + (try kind.removal(old))),
      call, answer: AdminAnswer(204, nil))
  }
}
