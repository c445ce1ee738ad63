/// A whole response, as a responder gives it.
public struct ServiceResponse: Sendable {
  /// The status code, of a final response.
  public var status: Int
  /// Fields beside `Content-Length`; names in lower case.
  public var fields: [(name: String, value: String)]
  /// The whole content.
  public var body: [UInt8]

  public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.fields = fields
    self.body = body
  }
}
