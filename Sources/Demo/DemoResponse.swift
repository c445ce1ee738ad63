/// What the demo API answers.
public struct DemoResponse: Sendable {
  /// The status code (RFC 9110 §15).
  public var status: Int
  /// The media type of the body; nil if there is none.
  public var contentType: String?
  /// Further fields, `Location` and `Allow`, with their values.
  public var fields: [(name: String, value: String)]
  /// The content. For HEAD it is that of GET, which the server leaves out, keeping its length.
  public var body: [UInt8]

  init(
    status: Int, contentType: String? = nil, fields: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.fields = fields
    self.body = body
  }

  static func json(
    _ value: JSONValue, status: Int = 200, fields: [(name: String, value: String)] = []
  ) -> DemoResponse {
    DemoResponse(
      status: status, contentType: "application/json", fields: fields,
      body: Array((value.text + "\n").utf8))
  }

  /// A refusal as problem details (RFC 9457) of the type `about:blank`.
  static func problem(_ status: Int, _ title: String, _ detail: String) -> DemoResponse {
    let value = JSONValue.object([
      ("type", .text("about:blank")), ("title", .text(title)), ("status", .integer(status)),
      ("detail", .text(detail)),
    ])
    return DemoResponse(
      status: status, contentType: "application/problem+json",
      body: Array((value.text + "\n").utf8))
  }

  static func notFound(_ what: String) -> DemoResponse {
    problem(404, "Not Found", "There is no \(what).")
  }

  static func unprocessable(_ detail: String) -> DemoResponse {
    problem(422, "Unprocessable Content", detail)
  }

  /// The demo keeps all it has in memory, so it takes only so much.
  static func full(_ what: String) -> DemoResponse {
    problem(507, "Insufficient Storage", "The demo holds no more \(what).")
  }
}
