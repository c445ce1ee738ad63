import Formats

/// Finds routes that match exactly the same requests.
struct RouteTable {
  /// One combination of what a route matches.
  private struct Key: Hashable {
    var host: HostPattern?
    var kind: PathPattern.Kind
    var path: String
    var method: String?
    var headers: [RouteBlueprint.Header]
    var ignoresCase: Bool
  }

  /// Where a combination was first seen.
  struct Place {
    var service: String
    var position: Position
  }

  /// Most combinations of hosts, paths and methods in one route.
  static let combinationsMax = 10_000

  private var places: [Key: Place] = [:]

  /// Whether a route has more combinations than that; each factor is bounded before they multiply.
  static func isTooLarge(_ route: RouteBlueprint) -> Bool {
    let factors = [route.hosts.count, route.paths.count, route.methods.count]
    return factors.reduce(1) { $0 * min(max($1, 1), combinationsMax + 1) } > combinationsMax
  }

  /// Takes a route in; gives the first combination that was there before, in words, and its place.
  mutating func insert(
    _ route: RouteBlueprint, of service: String
  ) -> (combination: String, place: Place)? {
    let hosts: [HostPattern?] = route.hosts.isEmpty ? [nil] : route.hosts
    let methods: [String?] = route.methods.isEmpty ? [nil] : route.methods
    var found: (String, Place)?
    for host in hosts {
      for path in route.paths {
        for method in methods {
          let key = Key(
            host: host, kind: path.kind,
            path: route.ignoresPathCase ? path.shape.lowercased() : path.shape, method: method,
            headers: route.headers, ignoresCase: route.ignoresPathCase)
          let place = Place(service: service, position: route.position)
          if let before = places.updateValue(place, forKey: key), found == nil {
            let words = [method, host?.description, path.description].compactMap { $0 }
            found = (words.joined(separator: " "), before)
          }
        }
      }
    }
    return found.map { ($0.0, $0.1) }
  }
}

extension BlueprintReader {
  /// Which of two equal routes wins would be chance, so none may be.
  func checkRoutes(of blueprint: Blueprint, _ settings: Settings) {
    var table = RouteTable()
    var overlaps = RouteOverlaps()
    for service in blueprint.services {
      for route in service.routes {
        guard !RouteTable.isTooLarge(route) else {
          settings.error(
            "the route has too many combinations of hosts, paths and methods",
            expected: "at most \(RouteTable.combinationsMax)", at: route.position)
          continue
        }
        overlaps.insert(route)
        guard let (combination, place) = table.insert(route, of: service.name) else { continue }
        if place.service == service.name, place.position == route.position {
          settings.error("the route has '\(combination)' twice", at: route.position)
          continue
        }
        settings.error(
          "'\(combination)' is matched by two routes, first in line \(place.position.line) by the "
            + "service '\(place.service)'", expected: "different hosts, paths, methods or headers",
          at: route.position)
      }
    }
    for (position, message, expected) in overlaps.findings() {
      settings.diagnostics.warning(message, expected: expected, at: position)
    }
  }
}
