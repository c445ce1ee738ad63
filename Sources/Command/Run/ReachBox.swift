import Base
import Blueprint
import Control
import Synchronization

/// From where the admin listener can be reached at the moment.
final class ReachBox: Sendable {
  private let held: Mutex<AdminReach>

  init(_ blueprint: AdminBlueprint) { held = Mutex(AdminReach(blueprint)) }

  var current: AdminReach { held.withLock { $0 } }

  func set(_ blueprint: AdminBlueprint) { held.withLock { $0 = AdminReach(blueprint) } }
}

extension AdminReach {
  fileprivate init(_ blueprint: AdminBlueprint) {
    self.init()
    isRemote = !blueprint.bind.address.isLoopback
    hosts = blueprint.hosts
  }
}
