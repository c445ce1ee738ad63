import Formats
import HTTP

/// The forms that answers have.
enum Replies {
  /// What every answer bears: it is for nobody's cache, and no page may take it for something else.
  static let safety: [(name: String, value: String)] = [
    (name: "cache-control", value: "no-store"), (name: "pragma", value: "no-cache"),
    (name: "x-content-type-options", value: "nosniff"),
    (name: "referrer-policy", value: "no-referrer"),
  ]

  static func json(
    _ status: Int, _ body: JSONValue, _ fields: [(name: String, value: String)] = []
  ) -> ServiceResponse {
    ServiceResponse(
      status: status, fields: [(name: "content-type", value: "application/json")] + safety + fields,
      body: Array(body.serialized.utf8))
  }

  /// A signed or encrypted text.
  static func token(_ text: String) -> ServiceResponse {
    ServiceResponse(
      status: 200, fields: [(name: "content-type", value: "application/jwt")] + safety,
      body: Array(text.utf8))
  }

  /// Nothing but that it went well.
  static func empty(
    _ status: Int = 200, _ fields: [(name: String, value: String)] = []
  ) -> ServiceResponse { ServiceResponse(status: status, fields: safety + fields, body: []) }

  /// Sends the browser on, by GET whatever it came with (RFC 9700 §4.12).
  static func redirect(
    to url: String, _ fields: [(name: String, value: String)] = []
  ) -> ServiceResponse { empty(303, [(name: "location", value: url)] + fields) }

  static func methodNotAllowed(_ allowed: String) -> ServiceResponse {
    empty(405, [(name: "allow", value: allowed)])
  }
}
