import Base
import Blueprint
public import HTTP

/// Finds the route of a request; which one wins does not depend on the order of the routes.
///
/// Compiled once for a configuration and shared by all loops. A match allocates nothing and does
/// not grow with the number of routes.
public final class Router: Sendable {
  private let hosts: HostTable
  private let trie: RouteTrie
  /// Methods beyond the known ones that some route lists, sorted.
  private let otherMethods: [String]

  /// Compiles the routes.
  public init(_ entries: [RouterEntry]) {
    let builder = RouterBuilder(entries)
    hosts = builder.hosts
    trie = builder.trie
    otherMethods = Set(entries.flatMap { $0.blueprint.methods })
      .filter { HTTP.Method($0.utf8.span) == .other }.sorted()
  }

  /// The route for a request, or why there is none.
  public func match(_ request: borrowing RequestHead) -> RouterMatch {
    var search = RouteSearch()
    let host = Self.hostName(request)
    var walk = HostTable.Walk()
    while let level = walk.next(hosts, request.fields[host]) {
      if let found = search.find(trie, level, request) {
        let route = trie.candidates[found].route
        if request.pathTraits.isEmpty { return .route(route) }
        let rule = trie.candidates[found].pathRule
        let isKept = rule.map { $0 == .keep } ?? isPathFree(request)
        return isKept ? .route(route) : .malformedPath
      }
      if search.isExhausted { return .notFound }
    }
    return search.methodMissed ? .methodNotAllowed : .notFound
  }

  /// Whether some route names the request's host, itself or by a wildcard.
  func namesHost(of request: borrowing RequestHead) -> Bool {
    var walk = HostTable.Walk()
    guard let level = walk.next(hosts, request.fields[Self.hostName(request)]) else { return false }
    return level != Int(hosts.any)
  }

  /// The methods that would have a route, for the `Allow` field (RFC 9110 §10.2.1).
  ///
  /// Allocates, and matches once for every method: for refusals alone.
  public func allowedMethods(for request: borrowing RequestHead) -> [String] {
    var other = copy request
    var allowed: [String] = []
    for method in HTTP.Method.allCases where method != .other {
      other.method = method
      if hasRoute(other) { allowed.append(method.name.description) }
    }
    other.method = .other
    for name in otherMethods {
      other.methodText = other.fields.store(name.utf8.span)
      if hasRoute(other) { allowed.append(name) }
    }
    return allowed
  }

  private func hasRoute(_ request: borrowing RequestHead) -> Bool {
    switch match(request) {
    case .route, .malformedPath: true
    case .notFound, .methodNotAllowed: false
    }
  }

  /// Whether no path decides anything for this host, so that no rule can be slipped past.
  ///
  /// All levels count, also more specific ones than that of the route: what the route's upstream
  /// makes of the path may be what a route there was to guard.
  private func isPathFree(_ request: borrowing RequestHead) -> Bool {
    let host = Self.hostName(request)
    var walk = HostTable.Walk()
    while let level = walk.next(hosts, request.fields[host]) {
      if trie.levels[level].hasPaths { return false }
    }
    return true
  }

  /// The host as patterns have it: without the final dot, which names the same host, or brackets.
  private static func hostName(_ request: borrowing RequestHead) -> Slice {
    var host = request.host
    let text = request.fields[host]
    if text.count > 1, text[text.count - 1] == UInt8(ascii: ".") { host.count -= 1 }
    if text.count > 2, text[0] == UInt8(ascii: "["), text[text.count - 1] == UInt8(ascii: "]") {
      host.offset += 1
      host.count -= 2
    }
    return host
  }
}
