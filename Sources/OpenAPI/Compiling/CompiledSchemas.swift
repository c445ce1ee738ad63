import Schema

/// The schemas of a description, by their numbers.
struct CompiledSchemas {
  let requests: [JSONSchema]
  /// Those of requests where members that are not described are violations; empty for none.
  let closedRequests: [JSONSchema]
  let responses: [JSONSchema]
  /// The shapes of those that describe XML.
  let xml: XMLShapes

  func request(_ number: Int?) -> JSONSchema? { number.map { requests[$0] } }

  func closedRequest(_ number: Int?) -> JSONSchema? {
    closedRequests.isEmpty ? nil : number.map { closedRequests[$0] }
  }

  func response(_ number: Int?) -> JSONSchema? { number.map { responses[$0] } }
}
