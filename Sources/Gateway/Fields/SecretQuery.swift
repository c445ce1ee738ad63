import Base
import HTTP
import PolicyKit

/// Credentials in queries, which no log may show.
enum SecretQuery {
  /// Overwrites the values of the route's secret parameters; when nothing reads them any more.
  static func mask(_ exchange: inout Exchange, _ route: PlanRoute) {
    let query = exchange.request.query
    var pairs = QueryPairs()
    while let pair = pairs.next(in: exchange.request.fields[query]) {
      guard isSecret(exchange.request.fields[query].extracting(pair.name), route) else {
        continue
      }
      for at in pair.value {
        exchange.request.fields.arena[Int(query.offset) + at] = UInt8(ascii: "*")
      }
    }
  }

  private static func isSecret(_ name: Span<UInt8>, _ route: PlanRoute) -> Bool {
    for index in route.secretParameters.indices {
      let secret = route.secretParameters[index]
      if QueryPairs.isName(name, secret.span) { return true }
    }
    return false
  }
}
