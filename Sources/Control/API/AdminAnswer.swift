public import Formats
import HTTP

/// An answer of the admin API.
public struct AdminAnswer: Sendable {
  /// The status code.
  public var status = 200
  /// The content; nil for none.
  public var body: JSONValue?
  /// The number in the entity tag; nil for none.
  public var revision: Int?
  /// Where what was made is.
  public var location: String?

  init(_ status: Int = 200, _ body: JSONValue?, revision: Int? = nil, location: String? = nil) {
    self.status = status
    self.body = body
    self.revision = revision
    self.location = location
  }

  /// The entity tag of a revision (RFC 9110 §8.8.3).
  static func tag(_ revision: Int) -> String { "\"\(revision)\"" }

  var response: ServiceResponse {
    var fields: [(name: String, value: String)] = []
    if let revision { fields.append((name: "etag", value: AdminAnswer.tag(revision))) }
    if let location { fields.append((name: "location", value: location)) }
    guard let body else {
      return ServiceResponse(
        status: status, fields: AdminAnswer.safety + fields, body: [])
    }
    return AdminAnswer.response(status, "application/json", body, fields)
  }

  /// What every answer bears: it is for nobody's cache, and no page may take it for something else.
  static let safety: [(name: String, value: String)] = [
    (name: "cache-control", value: "no-store"),
    (name: "x-content-type-options", value: "nosniff"),
  ]

  static func response(
    _ status: Int, _ type: String, _ body: JSONValue, _ fields: [(name: String, value: String)]
  ) -> ServiceResponse {
    ServiceResponse(
      status: status, fields: [(name: "content-type", value: type)] + safety + fields,
      body: Array((body.serialized + "\n").utf8))
  }
}
