import Base
import Formats

extension BlueprintReader {
  /// Most roles: each caller's are looked through.
  private static let rolesMax = 1000

  /// The roles below `roles`, by name; what is named has to exist, and no role inherits itself.
  func roles(_ root: inout Settings, of services: [ServiceBlueprint]) -> [RoleBlueprint] {
    guard let node = root.node("roles") else { return [] }
    guard node.kind == .mapping, node.count <= BlueprintReader.rolesMax else {
      root.error(
        node.kind == .mapping ? "'roles' has \(node.count) of them" : "'roles' is no mapping",
        expected: "at most \(BlueprintReader.rolesMax) roles by name", at: "roles")
      return []
    }
    var parents: [String: [Text]] = [:]
    var roles: [RoleBlueprint] = []
    for place in 0..<node.count {
      let (key, value) = node.pair(place)
      let name = key.text ?? ""
      var settings = Settings(value, in: root.diagnostics, interpolation: root.interpolation)
      let inherited = settings.texts("inherits") ?? []
      let permissions = (settings.settingsList("permissions") ?? []).map {
        permission($0, services)
      }
      settings.finish()
      guard BlueprintReader.isName(name, countMax: 128, besides: "._-@:/+") else {
        root.error(
          "a role cannot be called that", expected: "1 to 128 letters, digits and any of ._-@:/+",
          at: key.position)
        continue
      }
      parents[name] = inherited
      roles.append(
        RoleBlueprint(
          name: name, inherited: inherited.map(\.string), permissions: permissions,
          position: key.position))
    }
    checkInheritance(parents, root)
    return roles
  }

  private func checkInheritance(_ parents: [String: [Text]], _ settings: Settings) {
    for (name, inherited) in parents.sorted(by: { $0.key < $1.key }) {
      for parent in inherited {
        guard parents[parent.string] != nil else {
          settings.refuse(parent, "inherits", words: parents.keys.sorted())
          continue
        }
        var seen: Set<String> = []
        var waiting = [parent.string]
        while let next = waiting.popLast() {
          if next == name {
            settings.error(
              "the role '\(name)' inherits from itself, by '\(parent.string)'",
              expected: "no circle", at: parent.position)
            break
          }
          if seen.insert(next).inserted { waiting += (parents[next] ?? []).map(\.string) }
        }
      }
    }
  }

  private func permission(
    _ part: Settings, _ services: [ServiceBlueprint]
  ) -> RoleBlueprint.Permission {
    var settings = part
    let names = services.map(\.name)
    let routes = services.flatMap { service in
      service.routes.enumerated().map { $1.name ?? "\(service.name)/\($0)" }
    }
    let permission = RoleBlueprint.Permission(
      services: settings.choices("services", names), routes: settings.choices("routes", routes),
      methods: settings.list("methods"), operations: settings.list("operations"))
    settings.finish()
    let isEmpty =
      permission.services == nil && permission.routes == nil && permission.methods == nil
      && permission.operations == nil
    if isEmpty {
      settings.error(
        "this permits nothing in particular",
        expected: "services, routes, methods or operations", at: settings.position)
    }
    for text in settings.texts("methods") ?? []
    where !text.string.utf8.allSatisfy(ASCII.isToken) || text.string != text.string.uppercased() {
      settings.refuse(text, "methods", expected: "a method such as GET")
    }
    return permission
  }

  /// The list below `assignments`.
  func assignments(
    _ root: inout Settings, _ roles: [RoleBlueprint], _ consumers: [ConsumerBlueprint]
  ) -> [AssignmentBlueprint] {
    let names = roles.map(\.name)
    return (root.settingsList("assignments") ?? []).map { part in
      var settings = part
      _ = settings.requiredNode("roles")
      let assignment = AssignmentBlueprint(
        roles: settings.choices("roles", names) ?? [],
        consumers: settings.choices("consumers", consumers.map(\.name)) ?? [],
        groups: settings.list("groups") ?? [], certificates: settings.list("certificates") ?? [],
        claims: claims(&settings), position: settings.position)
      settings.finish()
      if assignment.consumers.isEmpty, assignment.groups.isEmpty, assignment.certificates.isEmpty,
        assignment.claims.isEmpty
      {
        settings.error(
          "this assigns roles to everybody",
          expected: "consumers, groups, certificates or claims", at: settings.position)
      }
      return assignment
    }
  }

  private func claims(_ parent: inout Settings) -> [(name: String, values: [String])] {
    guard let node = parent.node("claims") else { return [] }
    guard node.kind == .mapping else {
      parent.error("'claims' is no mapping", expected: "claim: value", at: "claims")
      return []
    }
    return (0..<node.count).map { place in
      let (key, value) = node.pair(place)
      let name = key.text ?? ""
      let nodes = value.kind == .sequence ? value.elements : [value]
      let values = nodes.compactMap { parent.text(of: $0, name)?.string }
      if nodes.isEmpty {
        parent.error("'\(name)' has no value", expected: "a value or a list", at: value.position)
      }
      return (name, values)
    }
  }
}
