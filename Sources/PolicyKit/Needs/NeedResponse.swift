/// The answer to a request of the gateway's own; a redirect is an answer like others.
public struct NeedResponse: Sendable {
  /// The status code.
  public let status: Int
  /// In order, names in lower case.
  public let fields: [(name: String, value: String)]
  /// The whole content.
  public let body: [UInt8]

  /// An answer that came.
  public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The value of the first field of that name, which is in lower case.
  public func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
