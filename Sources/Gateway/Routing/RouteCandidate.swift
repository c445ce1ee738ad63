import Base
import Blueprint
import HTTP

/// A route under one path pattern, with the conditions that are left when the path matches.
struct RouteCandidate: Sendable {
  let route: Int
  /// The pattern, for the comparison behind the hash.
  let pattern: [UInt8]
  let methods: [[UInt8]]
  let headers: [(name: [UInt8], value: [UInt8])]
  let pathRule: RouteBlueprint.PathRule?
  /// The first word of the order among routes with one pattern: independent of the file's order.
  let rank: String

  init(_ entry: RouterEntry, pattern: String) {
    route = entry.route
    self.pattern = Array(pattern.utf8)
    methods = entry.blueprint.methods.map { Array($0.utf8) }
    headers = entry.blueprint.headers.map {
      (Array($0.name.lowercased().utf8), Array($0.value.utf8))
    }
    pathRule = entry.blueprint.pathRule
    rank = (entry.blueprint.headers.map { "\($0.name):\($0.value)" } + entry.blueprint.methods)
      .sorted().joined(separator: " ")
  }

  /// Whether `left` is asked before `right`: a method before any, more headers before fewer.
  static func precedes(_ left: RouteCandidate, _ right: RouteCandidate) -> Bool {
    if left.methods.isEmpty != right.methods.isEmpty { return !left.methods.isEmpty }
    if left.headers.count != right.headers.count { return left.headers.count > right.headers.count }
    return left.rank < right.rank
  }

  /// Whether the method is one that the route takes (HEAD wherever GET is, RFC 9110 §9.3.2).
  func takes(_ request: borrowing RequestHead) -> Bool {
    if methods.isEmpty { return request.method != .other }
    let token = request.fields[request.methodText]
    for index in methods.indices {
      let method = methods[index]
      if ASCII.equals(method.span, token) { return true }
      if request.method == .head, ASCII.equals(method.span, "GET") { return true }
    }
    return false
  }

  /// Whether the request has the headers that the route wants.
  func hasHeaders(_ request: borrowing RequestHead) -> Bool {
    for index in headers.indices {
      let header = headers[index]
      guard let value = request.fields.value(named: header.name.span),
        ASCII.equals(request.fields[value], header.value.span)
      else { return false }
    }
    return true
  }
}
