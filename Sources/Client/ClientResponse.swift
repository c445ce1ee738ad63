/// A whole response; redirects are responses like others.
package struct ClientResponse: Sendable {
  /// The status code, 200 to 999; 0 where only a connection was asked for.
  package let status: Int
  /// The fields in order, names in lower case.
  package let fields: [(name: String, value: String)]
  /// The whole content, framing removed, content codings as they are.
  package let body: [UInt8]
  /// Time from the request's first byte to the response's last, in nanoseconds.
  package let elapsedNanoseconds: UInt64
  /// The trailers, where HTTP/2 was spoken.
  package let trailers: [(name: String, value: String)]

  package init(
    status: Int, fields: [(name: String, value: String)], body: [UInt8],
    elapsedNanoseconds: UInt64, trailers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.elapsedNanoseconds = elapsedNanoseconds
    self.trailers = trailers
  }

  /// The value of the first field called `name`, which is in lower case.
  package func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
