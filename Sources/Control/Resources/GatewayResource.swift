import Formats
import Storage

/// What can be read of the gateway itself: its routes and services, its audit log, its store.
struct GatewayResource: Sendable {
  let context: AdminContext
  /// Has work done that takes its time.
  let later: @Sendable (@escaping @Sendable () -> Void) -> Bool

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/services", .read, "lists the services of the configuration") { _ in
        AdminAnswer(200, .object([JSONMember("items", .array(context.owned().services))]))
      },
      AdminEndpoint("GET", "/v1/routes", .read, "lists the routes of the configuration") { _ in
        AdminAnswer(200, .object([JSONMember("items", .array(context.owned().routes))]))
      },
      AdminEndpoint("GET", "/v1/audit", .audit, "lists the entries of the audit log") {
        try audit($0)
      },
      AdminEndpoint("GET", "/v1/store", .read, "tells of the store and its keys") { _ in
        AdminAnswer(200, try store())
      },
      AdminEndpoint(
        "POST", "/v1/store/rotation", .store,
        "wraps all keys by the first master key and seals everything anew", needsStepUp: true
      ) { try rotate($0) },
    ]
  }

  private func audit(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    guard let sequence = after.isEmpty ? 0 : Int(after) else {
      throw AdminFailure.malformed("'cursor' is none of this API's")
    }
    let lines = try context.vault.journal(after: sequence, limit: limit)
    return AdminCall.page(
      lines.map {
        .object([JSONMember("line", .string($0.line)), JSONMember("seal", .string($0.seal))])
      }, last: lines.last.map { "\($0.sequence)" }, limit: limit)
  }

  private func store() throws -> JSONValue {
    .object([
      JSONMember("store", .string(context.vault.store.summary)),
      JSONMember("tables", .integer(try context.vault.store.schemaVersion())),
      JSONMember("position", .integer(try context.vault.store.position())),
      JSONMember("consumers", .integer(try context.vault.store.count(StoredKinds.consumer))),
      JSONMember("keys", .integer(try context.vault.store.count(StoredKinds.key))),
      JSONMember("master-key", .string(context.vault.masterID)),
      JSONMember("is-wrapped-by-it", .boolean(try context.vault.isWrappedByFirstKey())),
      JSONMember("rotation", context.rotation.shown),
    ])
  }

  private func rotate(_ call: AdminCall) throws -> AdminAnswer {
    let change = AdminContext.Change(
      action: "store.rotate", target: "store", before: nil,
      after: .object([JSONMember("master-key", .string(context.vault.masterID))]), changes: [])
    if call.isDryRun { return try context.make(change, call, answer: AdminAnswer(202, nil)) }
    guard context.rotation.begins() else {
      throw AdminFailure.conflict("a rotation goes on already")
    }
    let answer = try context.make(
      change, call, answer: AdminAnswer(202, context.rotation.shown, location: "/v1/store"))
    let rotation = context.rotation
    guard later({ rotation.run() }) else { throw AdminFailure.overloaded }
    return answer
  }
}
