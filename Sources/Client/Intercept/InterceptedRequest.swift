/// A request that went through an intercepting proxy, whole.
package struct InterceptedRequest: Sendable {
  /// Where the client wanted it to go.
  package let origin: ClientOrigin
  package let method: String
  /// Path and query.
  package let target: String
  /// The fields without those of framing and of the connection; names in lower case.
  package let fields: [(name: String, value: String)]
  package let body: [UInt8]
}
