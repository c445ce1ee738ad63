import Formats
import Storage

/// What consumers have used of their plans.
struct UsageResource: Sendable {
  let context: AdminContext
  /// What one consumer has used; nil if there is none of that name.
  let report: @Sendable (String) -> JSONValue?

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/usage", .read, "lists what consumers have used of their plans") {
        try list($0)
      },
      AdminEndpoint(
        "GET", "/v1/consumers/{consumer}/usage", .read, "tells what a consumer has used of its plan"
      ) { call in
        guard let found = report(call.parameter("consumer")) else { throw AdminFailure.notFound }
        return AdminAnswer(200, found)
      },
    ]
  }

  /// Consumers of the configuration file stand first, on the first page.
  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records = try context.vault.records(StoredKinds.consumer, after: after, limit: limit)
    let owned = after.isEmpty ? context.owned().consumers.sorted() : []
    let names = owned + records.map(\.id).filter { !owned.contains($0) }
    let items = names.compactMap(report)
    return AdminCall.page(
      items, last: records.last?.id, limit: records.count == limit ? items.count : Int.max)
  }
}
