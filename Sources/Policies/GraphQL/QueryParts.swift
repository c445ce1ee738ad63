import GraphQL
import HTTP

/// The parts of a GraphQL request in the query of a URL (GraphQL over HTTP, §5.3).
struct QueryParts {
  private(set) var query: String?
  private(set) var operationName: String?
  private(set) var variables: String?
  private(set) var extensions: String?

  init(_ request: borrowing RequestHead) throws(GraphQLFault) {
    var pairs = QueryPairs()
    while let pair = pairs.next(in: request.fields[request.query]) {
      guard let name = QueryParts.text(request, pair.name),
        let value = QueryParts.text(request, pair.value)
      else { throw QueryParts.notText }
      switch name {
      case "query": try QueryParts.set(&query, value)
      case "operationName": try QueryParts.set(&operationName, value)
      case "variables": try QueryParts.set(&variables, value)
      case "extensions": try QueryParts.set(&extensions, value)
      default: break
      }
    }
  }

  private static func set(_ part: inout String?, _ value: String) throws(GraphQLFault) {
    guard part == nil else { throw twice }
    part = value
  }

  private static func text(
    _ request: borrowing RequestHead, _ range: Range<Int>
  ) -> String? {
    var bytes: [UInt8] = []
    let given = request.fields[request.query].extracting(range)
    for at in given.indices { bytes.append(given[at] == UInt8(ascii: "+") ? 0x20 : given[at]) }
    return QueryPairs.decoded(bytes.span).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Whether any of them is there.
  var hasAny: Bool { query != nil || operationName != nil || variables != nil || extensions != nil }

  // MARK: Faults that are no document's

  private static let notText = GraphQLFault("request", expected: "percent-encoded UTF-8")
  private static let twice = GraphQLFault("request", expected: "each part once")
  static let notListed = GraphQLFault("documents", expected: "a document that is listed")
  static let unknownHash = GraphQLFault(
    "documents", expected: "a document; none is known by this hash")
  static let wrongHash = GraphQLFault("documents", expected: "the document's own hash")
  var second: GraphQLFault { GraphQLFault("request", expected: "one document, in one place") }
  var wrongType: GraphQLFault {
    GraphQLFault("content-type", expected: "application/json, not encoded")
  }
  var wrongMethod: GraphQLFault { GraphQLFault("method", expected: "GET or POST") }
}
