import Blueprint
import Control
import Formats
import Synchronization

/// What the configuration file owns at the moment.
final class OwnedBox: Sendable {
  private let held: Mutex<FileOwned>

  init(_ owned: FileOwned) { held = Mutex(owned) }

  var current: FileOwned { held.withLock { $0 } }

  func set(_ owned: FileOwned) { held.withLock { $0 = owned } }
}

extension FileOwned {
  /// What a configuration owns.
  init(_ blueprint: Blueprint) {
    self.init()
    consumers = Set(blueprint.consumers.map(\.name))
    plans = Set(blueprint.plans.map(\.name))
    services = blueprint.services.map { service in
      [
        "name": .string(service.name),
        "upstreams": .array(service.upstreams.map { .string($0.description) }),
        "policies": .array(service.policies.map { .string($0.name) }),
      ]
    }
    routes = blueprint.services.flatMap { service in
      service.routes.enumerated().map { place, route -> JSONValue in
        [
          "name": .string(route.name ?? "\(service.name)/\(place)"),
          "service": .string(service.name),
          "hosts": .array(route.hosts.map { .string($0.description) }),
          "paths": .array(route.paths.map { .string($0.description) }),
          "methods": .array(route.methods.map { .string($0) }),
          "public": .boolean(route.isPublic),
          "policies": .array(route.policies.map { .string($0.name) }),
        ]
      }
    }
  }
}
