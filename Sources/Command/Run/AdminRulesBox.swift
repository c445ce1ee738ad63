import Base
import Blueprint
import Control
import Synchronization

/// What the configuration says of the admin listener at the moment.
final class AdminRulesBox: Sendable {
  private let held: Mutex<AdminRules>

  init(_ blueprint: Blueprint) { held = Mutex(AdminRules(blueprint)) }

  var current: AdminRules { held.withLock { $0 } }

  func set(_ blueprint: Blueprint) { held.withLock { $0 = AdminRules(blueprint) } }
}

extension AdminRules {
  fileprivate init(_ blueprint: Blueprint) {
    self.init()
    isRemote = !blueprint.admin.bind.address.isLoopback
    hosts = blueprint.admin.hosts
    requestsPerAddressMax = blueprint.limits.adminRequestsPerAddressMax
    requiresSecondFactor = blueprint.admin.requiresSecondFactor
  }
}
