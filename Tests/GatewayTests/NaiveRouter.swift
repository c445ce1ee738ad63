import Blueprint
import HTTP

@testable import Gateway

/// The documented order, written down as plainly as can be: tries everything and sorts.
struct NaiveRouter {
  let entries: [RouterEntry]

  /// How specific one way is in which a route fits; smaller goes first.
  private struct Specificity: Comparable {
    var keys: [Int]
    var headers: [[String]]

    static func < (left: Specificity, right: Specificity) -> Bool {
      if left.keys != right.keys { return left.keys.lexicographicallyPrecedes(right.keys) }
      return left.headers.lexicographicallyPrecedes(right.headers) {
        $0.lexicographicallyPrecedes($1)
      }
    }
  }

  func match(
    _ method: String, _ host: String, _ path: String, _ headers: [(String, String)]
  ) -> RouterMatch {
    var best: (Specificity, Int)?
    var missed = false
    for entry in entries {
      let blueprint = entry.blueprint
      guard fieldsFit(blueprint, headers) else { continue }
      guard let hostKeys = hostKeys(blueprint, host) else { continue }
      for pattern in blueprint.paths {
        let isAny = blueprint.ignoresPathCase
        guard let pathKeys = pathKeys(pattern, path, inAnyCase: isAny) else { continue }
        guard let methodKey = methodKey(blueprint, method) else {
          missed = true
          continue
        }
        let specificity = Specificity(
          keys: hostKeys + pathKeys + [isAny ? 1 : 0, methodKey, -blueprint.headers.count],
          headers: blueprint.headers.map { [$0.name, $0.value] })
        if let (found, _) = best, found <= specificity { continue }
        best = (specificity, entry.route)
      }
    }
    if let (_, route) = best { return .route(route) }
    return missed ? .methodNotAllowed : .notFound
  }

  private func fieldsFit(_ route: RouteBlueprint, _ headers: [(String, String)]) -> Bool {
    route.headers.allSatisfy { wanted in
      let values = headers.filter { $0.0 == wanted.name }.map { $0.1 }
      return !values.isEmpty && values.allSatisfy { $0 == wanted.value }
    }
  }

  private func hostKeys(_ route: RouteBlueprint, _ host: String) -> [Int]? {
    if route.hosts.isEmpty { return [2, 0] }
    return route.hosts.compactMap { pattern -> [Int]? in
      if !pattern.isWildcard { return pattern.name == host ? [0, 0] : nil }
      guard host.hasSuffix("." + pattern.name), host.count > pattern.name.count + 1 else {
        return nil
      }
      return [1, -pattern.name.count]
    }.min { $0.lexicographicallyPrecedes($1) }
  }

  private func pathKeys(
    _ pattern: PathPattern, _ given: String, inAnyCase: Bool
  ) -> [Int]? {
    let pad = [Int](repeating: 0, count: 8)
    let (text, path) =
      inAnyCase ? (pattern.text.lowercased(), given.lowercased()) : (pattern.text, given)
    switch pattern.kind {
    case .exact:
      return text == path ? [0] + pad : nil
    case .prefix:
      let fits = text == "/" || path == text || path.hasPrefix(text + "/")
      return fits ? [2, -text.count] + pad.dropLast() : nil
    case .template:
      let wanted = text.split(separator: "/", omittingEmptySubsequences: false)
      let segments = path.split(separator: "/", omittingEmptySubsequences: false)
      guard wanted.count == segments.count else { return nil }
      let kinds = wanted.map { $0.hasPrefix("{") ? 1 : 0 }
      for (index, segment) in segments.enumerated() {
        if kinds[index] == 1 ? segment.isEmpty : segment != wanted[index] { return nil }
      }
      let keys = [1, kinds.reduce(0, +)] + kinds.dropFirst()
      return Array((keys + pad).prefix(9))
    }
  }

  private func methodKey(_ route: RouteBlueprint, _ method: String) -> Int? {
    if route.methods.contains(method) { return 0 }
    if method == "HEAD", route.methods.contains("GET") { return 1 }
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]
    return route.methods.isEmpty && known.contains(method) ? 2 : nil
  }
}
