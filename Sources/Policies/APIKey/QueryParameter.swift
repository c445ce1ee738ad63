import Base
import HTTP

/// A parameter of the query, by its name with percent-encoding undone.
struct QueryParameter: Sendable {
  let name: [UInt8]

  init(_ name: String) { self.name = Array(name.utf8) }

  /// How many parameters of the request have the name.
  func count(in request: borrowing RequestHead) -> Int {
    var count = 0
    var pairs = QueryPairs()
    while let pair = pairs.next(in: request.fields[request.query]) {
      if isName(pair, request) { count += 1 }
    }
    return count
  }

  /// The value of the first of them, decoded; nil if there is none or its encoding is broken.
  func value(in request: borrowing RequestHead) -> [UInt8]? {
    var pairs = QueryPairs()
    while let pair = pairs.next(in: request.fields[request.query]) {
      guard isName(pair, request) else { continue }
      return QueryPairs.decoded(request.fields[request.query].extracting(pair.value))
    }
    return nil
  }

  /// Takes all of them out of the query that the upstream gets and the log shows.
  func remove(from request: inout RequestHead) {
    let query = request.query
    let start = request.fields.arena.count
    var pairs = QueryPairs()
    while let pair = pairs.next(in: request.fields[query]) {
      if isName(pair, request) { continue }
      if request.fields.arena.count > start { request.fields.arena.append(UInt8(ascii: "&")) }
      let from = Int(query.offset) + pair.name.lowerBound
      for at in from..<Int(query.offset) + pair.value.upperBound {
        request.fields.arena.append(request.fields.arena[at])
      }
    }
    request.query = Slice(offset: start, count: request.fields.arena.count - start)
    request.hasQuery = !request.query.isEmpty
  }

  private func isName(_ pair: QueryPairs.Pair, _ request: borrowing RequestHead) -> Bool {
    let given = request.fields[request.query].extracting(pair.name)
    return QueryPairs.isName(given, name.span)
  }
}
