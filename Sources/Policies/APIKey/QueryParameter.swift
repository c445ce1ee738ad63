import Base
import HTTP

/// One parameter of a query, as it stands there: names and values are compared undecoded, so that
/// whoever reads the query behind the gateway sees no other parameter.
struct QueryParameter {
  /// How often the query has it.
  private(set) var count = 0
  /// The value of the last one, in the request's arena.
  private(set) var value: Slice?
  /// Where the pair stands, with the `&` that goes with it.
  private var pair = Slice.empty

  /// None.
  init() {}

  /// Looks for `name` in the query of a request.
  init(_ name: [UInt8], in request: borrowing RequestHead) {
    let query = request.fields[request.query]
    var start = 0
    while start <= query.count {
      var end = start
      while end < query.count, query[end] != UInt8(ascii: "&") { end += 1 }
      let text = query.extracting(start..<end)
      let nameEnd = start + name.count
      let isNamed =
        text.count >= name.count && ASCII.equals(text.extracting(first: name.count), name.span)
      if isNamed, nameEnd == end || query[nameEnd] == UInt8(ascii: "=") {
        count += 1
        let offset = Int(request.query.offset)
        value = Slice(offset: offset + min(nameEnd + 1, end), count: max(0, end - nameEnd - 1))
        pair = Slice(offset: offset + start, count: end - start)
      }
      start = end + 1
    }
  }

  /// Takes the parameter out of the query; the rest stays as it was.
  func remove(from request: inout RequestHead) {
    let (query, from) = (request.query.range, Int(pair.offset))
    let to = from + Int(pair.count)
    let before = Array(request.fields.arena[query.lowerBound..<max(query.lowerBound, from - 1)])
    let after = Array(request.fields.arena[min(query.upperBound, to + 1)..<query.upperBound])
    let separator: [UInt8] = before.isEmpty || after.isEmpty ? [] : [UInt8(ascii: "&")]
    let rest = before + separator + after
    request.query = request.fields.store(rest.span)
    request.hasQuery = !rest.isEmpty
  }
}
