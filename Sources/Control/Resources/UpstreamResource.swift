import Formats
import Storage

/// The upstreams of the services, and which of them get no new requests.
struct UpstreamResource: Sendable {
  let context: AdminContext
  /// The upstreams that there are.
  let upstreams: @Sendable () -> [AdminUpstream]
  /// Has an upstream get no new requests, or get them again; false if there is none of that name.
  let drain: @Sendable (_ service: String, _ upstream: String, _ isDrained: Bool) -> Bool

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/upstreams", .read, "lists the upstreams of all services") { _ in
        AdminCall.page(upstreams().map(\.json), last: nil, limit: Int.max)
      },
      AdminEndpoint(
        "POST", "/v1/upstreams/drain", .upstreams,
        "has an upstream get no new requests, or get them again",
        content: [
          JSONMember("service", AdminSchema.name), JSONMember("upstream", AdminSchema.text),
          JSONMember("drain", AdminSchema.boolean),
        ], required: ["service", "upstream"]
      ) { try change($0) },
    ]
  }

  private func change(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let service = try body.requiredText("service")
    let upstream = try body.requiredText("upstream")
    let isDrained = try body.boolean("drain") ?? true
    try body.finish()
    guard let before = upstreams().first(where: { $0.service == service && $0.name == upstream })
    else { throw AdminFailure.notFound }
    var after = before
    after.isDrained = isDrained
    let change = AdminContext.Change(
      action: isDrained ? "upstream.drain" : "upstream.return",
      target: "upstreams/\(service)/\(upstream)", before: before.json, after: after.json,
      changes: [])
    if !call.isDryRun, !drain(service, upstream, isDrained) { throw AdminFailure.notFound }
    return try context.make(change, call, answer: AdminAnswer(200, after.json))
  }
}
