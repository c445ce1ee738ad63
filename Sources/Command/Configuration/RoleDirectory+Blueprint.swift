import Blueprint
import PolicyKit

extension RoleDirectory {
  /// The roles of a blueprint, and who has them.
  init(_ blueprint: Blueprint) {
    self.init(
      blueprint.roles.map { role in
        Role(
          name: role.name, inherited: role.inherited,
          permissions: role.permissions.map {
            Permission(
              services: $0.services.map { Set($0) }, routes: $0.routes.map { Set($0) },
              methods: $0.methods.map { Set($0) }, operations: $0.operations.map { Set($0) })
          })
      },
      blueprint.assignments.map { part in
        Assignment(
          roles: part.roles, consumers: Set(part.consumers), groups: Set(part.groups),
          certificates: Set(part.certificates.map(RoleDirectory.canonical)),
          claims: part.claims.map { ($0.name, Set($0.values)) })
      })
  }

  /// The hash of a certificate without colons and in lower case; a subject stays as it is.
  private static func canonical(_ name: String) -> String {
    guard name.hasPrefix("sha256:") else { return name }
    return "sha256:" + name.dropFirst("sha256:".count).filter { $0 != ":" }.lowercased()
  }
}
