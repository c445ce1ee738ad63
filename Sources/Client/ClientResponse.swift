/// A whole response; redirects are responses like others.
package struct ClientResponse: Sendable {
  /// The status code, 200 to 999.
  package let status: Int
  /// The fields in order, names in lower case.
  package let fields: [(name: String, value: String)]
  /// The whole content, framing removed, content codings as they are.
  package let body: [UInt8]
  /// Time from the request's first byte to the response's last, in nanoseconds.
  package let elapsedNanoseconds: UInt64

  package init(
    status: Int, fields: [(name: String, value: String)], body: [UInt8],
    elapsedNanoseconds: UInt64
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.elapsedNanoseconds = elapsedNanoseconds
  }

  /// The value of the first field called `name`, which is in lower case.
  package func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
