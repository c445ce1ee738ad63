import Formats
import PolicyKit

/// Who calls without showing anything: nobody, or somebody with the roles that are written down.
struct AnonymousCaller: Sendable {
  /// Nil for nobody, who has no role and passes no `access`.
  let consumer: Consumer?

  init(_ settings: inout Settings) {
    let roles = Set(settings.list("roles") ?? [])
    let groups = Set(settings.list("groups") ?? [])
    guard !roles.isEmpty || !groups.isEmpty else {
      consumer = nil
      return
    }
    consumer = Consumer(
      index: -1, name: "", roles: roles, groups: groups, isDisabled: false, isAnonymous: true)
  }
}
