import Formats
import PolicyKit

/// The responses that this gateway keeps for its routes.
struct CacheResource: Sendable {
  let context: AdminContext
  /// The caches that there are, by service.
  let caches: @Sendable () -> [(service: String, cache: ResponseCache)]

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/cache", .read, "lists the caches of this gateway") { try list($0) },
      AdminEndpoint(
        "POST", "/v1/cache/purge", .cache, "forgets responses that this gateway keeps",
        content: [
          JSONMember("service", AdminSchema.name), JSONMember("host", AdminSchema.text),
          JSONMember("path", AdminSchema.text), JSONMember("below", AdminSchema.boolean),
        ], required: []
      ) { try purge($0) },
    ]
  }

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let items = caches().map { service, cache -> JSONValue in
      let size = cache.size
      return .object([
        JSONMember("service", .string(service)), JSONMember("responses", .integer(size.responses)),
        JSONMember("bytes", .integer(size.bytes)), JSONMember("size", .integer(cache.bytesMax)),
      ])
    }
    return AdminCall.page(items, last: nil, limit: Int.max)
  }

  private func purge(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let service = try body.text("service")
    let (host, path) = (try body.text("host"), try body.text("path"))
    let isBelow = try body.boolean("below") ?? false
    try body.finish()
    let caches = caches()
    if let service, !caches.contains(where: { $0.service == service }) {
      throw AdminFailure.malformed("'service' is none that keeps responses")
    }
    if let path, !path.hasPrefix("/") { throw AdminFailure.malformed("'path' begins with '/'") }
    if isBelow, path == nil { throw AdminFailure.malformed("'below' is about a 'path'") }
    var scope = CacheScope()
    scope.service = service.map { Array($0.utf8) }
    scope.host = host.map { Array($0.lowercased().utf8) }
    scope.path = path.map { Array($0.utf8) }
    scope.isBelow = isBelow
    let told: [JSONMember] = [
      service.map { JSONMember("service", .string($0)) },
      host.map { JSONMember("host", .string($0)) }, path.map { JSONMember("path", .string($0)) },
      JSONMember("below", .boolean(isBelow)),
    ].compactMap { $0 }
    let change = AdminContext.Change(
      action: "cache.purge", target: "cache", before: nil, after: .object(told), changes: [])
    if call.isDryRun { return try context.make(change, call, answer: AdminAnswer(200, nil)) }
    let forgotten = caches.reduce(0) { sum, one in
      sum + one.cache.forget { scope.contains($0) }
    }
    return try context.make(
      change, call,
      answer: AdminAnswer(200, .object([JSONMember("forgotten", .integer(forgotten))])))
  }
}
