import Base
import Gateway
import Runtime
import Synchronization
import Telemetry

/// Keeps the addresses of upstreams that are given by name, asking again before they expire.
final class NameKeeper: Sendable {
  private let resolver: Resolver
  private let due = Mutex<[ObjectIdentifier: (target: UpstreamTarget, at: Instant)]>([:])

  init() throws(ResolverError) {
    resolver = try Resolver { report in
      ErrorLog.warning("name look-up of \(report.host) failed: \(report.error)")
    }
  }

  /// Replaces the targets that are looked after by those of a plan.
  func keep(_ plan: Plan) {
    due.withLock { $0.removeAll() }
    for service in plan.services {
      for target in service.targets where IPAddress(target.host) == nil { ask(target) }
    }
    if let target = plan.counters?.target, IPAddress(target.host) == nil { ask(target) }
  }

  /// Whether any name has no address yet.
  var isWaiting: Bool {
    due.withLock { held in held.values.contains { $0.target.addresses(attempt: 0).isEmpty } }
  }

  /// Asks again where it is time.
  func refresh(now: Instant) {
    let targets = due.withLock { held in held.values.filter { $0.at <= now }.map { $0.target } }
    for target in targets { ask(target) }
  }

  private func ask(_ target: UpstreamTarget) {
    let key = ObjectIdentifier(target)
    due.withLock { $0[key] = (target, Clock.monotonic.adding(milliseconds: 10_000)) }
    guard let name = HostAddress(target.host) else { return }
    try? resolver.resolve(name) { [self] result in
      guard case .success(let answer) = result else { return }
      target.update(HostAddress.interleaved(answer.addresses))
      due.withLock { held in
        if held[key] != nil { held[key] = (target, answer.expires) }
      }
    }
  }
}
