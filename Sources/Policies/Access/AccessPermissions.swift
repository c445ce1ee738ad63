import Base
import HTTP
import PolicyKit

/// What the roles of a plan permit on the routes of one service: nothing that is not written.
struct AccessPermissions: Sendable {
  /// Part of a permission that the request has still to be held against.
  private struct Rest: Sendable {
    let methods: [[UInt8]]?
    let operations: Set<String>?
  }

  /// By role, and by the number of the route.
  private let rules: [String: [[Rest]]]

  /// The names of all operations that permissions for a service name.
  static func operations(at site: PolicySite) -> Set<String> {
    var names: Set<String> = []
    for permission in site.roles.permissions.values.joined()
    where permission.services?.contains(site.service) ?? true {
      names.formUnion(permission.operations ?? [])
    }
    return names
  }

  init(at site: PolicySite) {
    rules = site.roles.permissions.mapValues { permissions in
      site.routes.map { route in
        permissions.compactMap { permission -> Rest? in
          let name = String(decoding: route.name, as: UTF8.self)
          guard route.service == site.service,
            permission.services?.contains(route.service) ?? true,
            permission.routes?.contains(name) ?? true
          else { return nil }
          return Rest(
            methods: permission.methods?.sorted().map { Array($0.utf8) },
            operations: permission.operations)
        }
      }
    }
  }

  /// Whether one of the roles permits the request, which is the operations called `names`.
  func permit(
    _ roles: Set<String>, _ exchange: borrowing Exchange, operations names: [String]
  ) -> Bool {
    for role in roles {
      guard let routes = rules[role], routes.indices.contains(exchange.route) else { continue }
      for index in routes[exchange.route].indices
      where AccessPermissions.matches(routes[exchange.route][index], exchange.request, names) {
        return true
      }
    }
    return false
  }

  private static func matches(
    _ rest: Rest, _ request: borrowing RequestHead, _ names: [String]
  ) -> Bool {
    if let operations = rest.operations, !names.contains(where: operations.contains) {
      return false
    }
    guard let methods = rest.methods else { return true }
    for method in methods
    where ASCII.equals(request.fields[request.methodText], method.span) { return true }
    return false
  }
}
