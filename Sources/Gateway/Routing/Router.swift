import Base
import Blueprint
public import HTTP

/// Finds the route of a request, in a total order that the configuration's order does not touch.
///
/// Hosts: exact, then the longest wildcard, then any. Within a host, see `HostLevel`. Among routes
/// with one pattern: those that name the method first, then those with more headers.
public final class Router: Sendable {
  private let levels: [HostLevel]
  private let exactHosts: [UInt64: (name: [UInt8], level: Int)]
  private let wildcards: [UInt64: (name: [UInt8], level: Int)]
  private let anyHost: Int?
  private let seed: UInt64

  /// A router for these routes, whatever their order.
  public init(_ entries: [RouterEntry]) {
    let seed = UInt64.random(in: .min ... .max)
    var levels: [HostLevel] = []
    var exact: [String: Int] = [:]
    var wild: [String: Int] = [:]
    var any: Int?
    func level(_ known: inout [String: Int], _ name: String) -> Int {
      if let found = known[name] { return found }
      levels.append(HostLevel(seed: seed))
      known[name] = levels.count - 1
      return levels.count - 1
    }
    for entry in entries {
      var places: [Int] = []
      for host in entry.blueprint.hosts {
        places.append(
          host.isWildcard ? level(&wild, "." + host.name) : level(&exact, host.name))
      }
      if places.isEmpty {
        if any == nil { levels.append(HostLevel(seed: seed)) }
        any = any ?? levels.count - 1
        places = [any ?? 0]
      }
      for place in places {
        for path in entry.blueprint.paths { levels[place].add(entry, path) }
      }
    }
    for index in levels.indices { levels[index].finish() }
    func table(_ names: [String: Int]) -> [UInt64: (name: [UInt8], level: Int)] {
      var made: [UInt64: (name: [UInt8], level: Int)] = [:]
      for (name, place) in names {
        var hash = PathHash(seed: seed)
        for byte in name.utf8.reversed() { hash.add(byte) }
        made[hash.value] = (Array(name.utf8), place)
      }
      return made
    }
    self.levels = levels
    self.seed = seed
    exactHosts = table(exact)
    wildcards = table(wild)
    anyHost = any
  }

  /// The route of a request.
  public func match(_ request: borrowing RequestHead) -> RouterMatch {
    var outcome = RouterMatch.notFound
    var rule: RouteBlueprint.PathRule?
    var isPlain = true
    visit(request.fields[request.host]) { index in
      if !levels[index].isCatchAll { isPlain = false }
      if case .route = outcome { return }
      _ = levels[index].candidates(request.fields[request.path]) { candidate in
        if !candidate.hasHeaders(request) { return false }
        if !candidate.takes(request) {
          outcome = .methodNotAllowed
          return false
        }
        outcome = .route(candidate.route)
        rule = candidate.pathRule
        return true
      }
    }
    if case .route = outcome, !request.pathTraits.isEmpty {
      // A path that no rule tells apart from others cannot slip past one: then it is kept.
      if rule == .strict || (rule == nil && !isPlain) { return .malformedPath }
    }
    return outcome
  }

  /// The methods that the routes of a path take, for the `Allow` field (RFC 9110 §10.2.1).
  public func allowedMethods(for request: borrowing RequestHead) -> [String] {
    var names: Set<String> = []
    visit(request.fields[request.host]) { index in
      _ = levels[index].candidates(request.fields[request.path]) { candidate in
        for method in candidate.methods { names.insert(String(decoding: method, as: UTF8.self)) }
        return false
      }
    }
    return names.sorted()
  }

  /// Calls `body` with the levels of a host, the most specific first.
  private func visit(_ host: Span<UInt8>, _ body: (Int) -> Void) {
    var suffix = InlineArray<32, UInt64>(repeating: 0)
    var starts = InlineArray<32, Int>(repeating: 0)
    var count = 0
    var hash = PathHash(seed: seed)
    var index = host.count
    while index > 0 {
      index -= 1
      hash.add(host[index])
      if host[index] == UInt8(ascii: "."), index > 0, count < 32 {
        (suffix[count], starts[count]) = (hash.value, index)
        count += 1
      }
    }
    if let found = exactHosts[hash.value], ASCII.equals(found.name.span, host) { body(found.level) }
    while count > 0, !wildcards.isEmpty {
      count -= 1
      if let found = wildcards[suffix[count]],
        ASCII.equals(found.name.span, host.extracting(starts[count]...))
      {
        body(found.level)
      }
    }
    if let anyHost { body(anyHost) }
  }
}
