/// A whole request, as a responder gets it.
public struct ServiceRequest: Sendable {
  /// The method's token, as sent: methods are case-sensitive (RFC 9110 §9.1).
  public var method: String
  /// The path, without query.
  public var path: String
  /// What stands behind `?`; empty if there is none.
  public var query: String
  /// The fields, names in lower case.
  public var fields: [(name: String, value: String)]
  /// The whole content.
  public var body: [UInt8]

  /// The address that the request came from, as text; empty if nobody knows.
  public var client: String
  /// Whether it came by TLS.
  public var isSecure: Bool

  /// A request, as a responder gets it.
  public init(
    method: String, path: String, query: String, fields: [(name: String, value: String)],
    body: [UInt8], client: String = "", isSecure: Bool = false
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.client = client
    self.isSecure = isSecure
  }
}
