import Control
import Gateway
import Synchronization
import Telemetry

/// Which upstreams an administrator has taken out of service: they get no new requests, whatever
/// plan is in force, until they are given back or the process ends.
final class DrainKeeper: Sendable {
  private struct Name: Hashable {
    let service: String
    let upstream: String
  }

  private struct State {
    var drained: Set<Name> = []
    var targets: [(name: Name, target: UpstreamTarget)] = []
  }

  private let state = Mutex(State())

  /// Looks after the upstreams of a plan from now on.
  func keep(_ plan: Plan) {
    state.withLock { state in
      state.targets = plan.services.flatMap { service in
        service.targets.map { target in
          (
            name: Name(
              service: service.name, upstream: String(decoding: target.authority, as: UTF8.self)),
            target: target
          )
        }
      }
      for (name, target) in state.targets { target.drain(state.drained.contains(name)) }
    }
  }

  /// The upstreams as they are now.
  var all: [AdminUpstream] {
    state.withLock { state in
      state.targets.map { name, target in
        AdminUpstream(
          service: name.service, name: name.upstream, isWell: target.isWell,
          isDrained: target.isDrained)
      }
    }
  }

  /// Takes an upstream out of service, or gives it back; false if there is none of that name.
  func set(_ service: String, _ upstream: String, isDrained: Bool) -> Bool {
    let name = Name(service: service, upstream: upstream)
    let isThere = state.withLock { state in
      let meant = state.targets.filter { $0.name == name }
      if meant.isEmpty { return false }
      if isDrained { state.drained.insert(name) } else { state.drained.remove(name) }
      for (_, target) in meant { target.drain(isDrained) }
      return true
    }
    if isThere {
      ErrorLog.notice(
        "service \(service): upstream \(upstream) "
          + (isDrained ? "gets no new requests" : "gets requests again"))
    }
    return isThere
  }
}
