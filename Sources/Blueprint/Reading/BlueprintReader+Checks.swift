import Base
import Formats

extension BlueprintReader {
  /// Two listeners cannot share a place.
  func checkBinds(of blueprint: Blueprint, _ settings: Settings) {
    let binds =
      blueprint.listeners.map { ($0.bind, $0.position) }
      + [(blueprint.admin.bind, blueprint.admin.position)]
    for (place, (bind, position)) in binds.enumerated() {
      guard let (other, before) = binds[..<place].first(where: { $0.0.overlaps(bind) }) else {
        continue
      }
      let isAdmin = place == binds.count - 1
      settings.error(
        "\(bind)\(isAdmin ? " of 'admin'" : "") is taken by the listener \(other) in line "
          + "\(before.line)", expected: "another port",
        at: isAdmin ? max(before, position) : position)
    }
  }

  /// An upstream must not be the gateway itself: a loop, or a way around the admin's loopback.
  func checkUpstreams(of blueprint: Blueprint, _ settings: Settings) {
    let listeners = blueprint.listeners.map(\.bind)
    let ports = Set(listeners.map(\.port) + [blueprint.admin.bind.port])
    for service in blueprint.services {
      for upstream in service.upstreams where ports.contains(upstream.port) {
        let isAdmin = upstream.reaches(blueprint.admin.bind)
        guard isAdmin || listeners.contains(where: upstream.reaches) else { continue }
        settings.error(
          "the upstream \(upstream) is \(isAdmin ? "the admin listener" : "a listener") of the "
            + "gateway itself", expected: "another server", at: upstream.position)
      }
    }
  }
}

extension UpstreamBlueprint {
  /// Whether this is sure to be what listens on `bind`.
  func reaches(_ bind: BindAddress) -> Bool {
    guard port == bind.port else { return false }
    let isLocalName = host == "localhost" || host.hasSuffix(".localhost")
    guard let address else {
      return isLocalName && (bind.isEveryAddress || bind.address.isLoopback)
    }
    return address == bind.address || (bind.isEveryAddress && address.isLoopback)
  }
}
