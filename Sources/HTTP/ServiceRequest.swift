/// A whole request, as a responder gets it.
public struct ServiceRequest: Sendable {
  public var method: String
  public var path: String
  /// What stands behind `?`; empty if there is none.
  public var query: String
  /// The fields, names in lower case.
  public var fields: [(name: String, value: String)]
  public var body: [UInt8]

  public init(
    method: String, path: String, query: String, fields: [(name: String, value: String)],
    body: [UInt8]
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }
}
