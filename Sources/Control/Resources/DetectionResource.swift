import Detection
import Formats

/// What was found in the traffic: alerts, and the endpoints that were seen.
struct DetectionResource: Sendable {
  /// The engine that runs; nil if none does.
  let engine: @Sendable () -> DetectionEngine?

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/alerts", .read, "lists alerts, the latest first") {
        try alerts($0)
      },
      AdminEndpoint("GET", "/v1/alerts/{alert}", .read, "tells of an alert") { call in
        guard let alert = try running().book.alert(call.parameter("alert")) else {
          throw AdminFailure.notFound
        }
        return AdminAnswer(200, alert.json)
      },
      AdminEndpoint(
        "GET", "/v1/discovery/endpoints", .read,
        "lists the endpoints that were seen and how they stand to the descriptions"
      ) { try seen($0) },
      AdminEndpoint(
        "GET", "/v1/discovery/description/{service}", .read,
        "drafts a description of a service from what was seen"
      ) { call in
        let service = call.parameter("service")
        let endpoints = try running().endpoints
        guard endpoints.contains(where: { $0.service == service }) else {
          throw AdminFailure.notFound
        }
        return AdminAnswer(200, DescriptionDraft.document(service, endpoints))
      },
    ]
  }

  private func running() throws(AdminFailure) -> DetectionEngine {
    guard let engine = engine() else {
      throw AdminFailure.conflict("'detection' is not in the configuration")
    }
    return engine
  }

  private func alerts(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    var alerts = try running().book.all
    if let state = call.query["state"] {
      guard let wanted = AlertState(rawValue: state) else {
        throw AdminFailure.malformed("'state' is open, ongoing or closed")
      }
      alerts = alerts.filter { $0.state == wanted }
    }
    if !after.isEmpty {
      guard let place = alerts.firstIndex(where: { $0.id == after }) else {
        throw AdminFailure.malformed("'cursor' is of an alert that is not there any more")
      }
      alerts.removeFirst(place + 1)
    }
    let page = alerts.prefix(limit)
    return AdminCall.page(page.map(\.json), last: page.last?.id, limit: limit)
  }

  private func seen(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    var records = try running().endpoints
    if let service = call.query["service"] { records = records.filter { $0.service == service } }
    if let standing = call.query["standing"] {
      guard let wanted = EndpointRecord.Standing(rawValue: standing) else {
        throw AdminFailure.malformed(
          "'standing' is undescribed, described, deprecated, shadow or unused")
      }
      records = records.filter { $0.standing == wanted }
    }
    let names = records.map { "\($0.service) \($0.template) \($0.method)" }
    let first = after.isEmpty ? 0 : names.firstIndex { $0 > after } ?? records.count
    let page = records[first...].prefix(limit)
    let last = page.isEmpty ? nil : names[first + page.count - 1]
    return AdminCall.page(page.map(\.json), last: last, limit: limit)
  }
}
