import Base
import Blueprint
import Runtime
import Telemetry

/// One loop's view of a service: its idle connections, and how its upstreams do.
final class ServicePool {
  let service: PlanService
  /// Exchanges under way, by target.
  private var loads: [Int]
  private var budget: RetryBudget
  private var idle: [[UpstreamConnection]]
  private var balancer: Balancer
  private var ejections: [Ejection]

  init(_ service: PlanService) {
    self.service = service
    let count = service.targets.count
    loads = Array(repeating: 0, count: count)
    idle = Array(repeating: [], count: count)
    ejections = Array(repeating: Ejection(), count: count)
    budget = RetryBudget(percent: Int((service.retries.budget * 100).rounded()))
    balancer = Balancer(
      weights: service.targets.map { $0.weight },
      kind: service.balance == .leastLoaded ? .leastLoaded : .roundRobin)
  }

  /// The target for the next try, leaving out those in `tried` if others are left.
  func pick(excluding tried: UInt64, now: Instant) -> Int? {
    if service.targets.count == 1 { return 0 }
    var healthy: UInt64 = 0
    for index in ejections.indices where ejections[index].isAvailable(now: now) {
      healthy |= 1 << UInt64(index & 63)
    }
    if let found = balancer.pick(excluding: tried, loads: loads, healthy: healthy) {
      ejections[found].chosen(now: now)
      return found
    }
    if let found = Ejection.soonest(ejections, excluding: tried) { return found }
    return balancer.pick(excluding: 0, loads: loads, healthy: .max)
  }

  /// An idle connection to a target, or nil.
  func takeIdle(_ target: Int) -> UpstreamConnection? {
    while let connection = idle[target].popLast() {
      if connection.descriptor >= 0 && !connection.isHungUp { return connection }
    }
    return nil
  }

  /// Keeps a connection for the next exchange; false if there are enough.
  func keep(_ connection: UpstreamConnection, _ target: Int) -> Bool {
    if idle[target].count >= service.keepAlive.idleMax { return false }
    idle[target].append(connection)
    return true
  }

  /// Forgets a connection that was closed while idle.
  func drop(_ connection: UpstreamConnection, _ target: Int) {
    idle[target].removeAll { $0 === connection }
  }

  /// Counts an exchange that begins, or ends, at a target.
  func began(_ target: Int) { loads[target] += 1 }
  func ended(_ target: Int) {
    loads[target] -= 1
    ejections[target].ended()
  }

  /// Pays in for a request, and takes out a retry; false if there is none left.
  func deposit() { budget.deposit() }
  func withdraw(now: Instant) -> Bool { budget.withdraw(now: now) }

  /// The target has answered.
  func succeeded(_ target: Int) {
    if ejections[target].hasEjected {
      ErrorLog.notice("\(service.targets[target].label(service.name)) answers again")
    }
    ejections[target].succeeded()
  }

  /// A try at the target has failed.
  func failed(_ target: Int, _ fault: UpstreamFault, _ worker: Worker) {
    guard let pause = ejections[target].failed(now: worker.loop.now) else { return }
    let label = service.targets[target].label(service.name)
    // The only one there is gets all requests, whatever it does.
    if service.targets.count == 1 { return ErrorLog.warning("\(label) fails: \(fault.reason)") }
    worker.metrics.upstreamEjected(service.targets[target].metricNumber)
    ErrorLog.warning("\(label) is kept out for \(pause / 1000) s: \(fault.reason)")
  }

  /// Notes how it stands with the targets, for the metrics; `isOver` if nothing is left of it.
  func report(to metrics: LoopMetrics, isOver: Bool = false) {
    for target in service.targets.indices {
      let state = UpstreamState(
        active: isOver ? 0 : loads[target], idle: isOver ? 0 : idle[target].count,
        returnsAt: isOver || service.targets.count == 1
          ? Instant(nanoseconds: 0) : ejections[target].returnsAt)
      metrics.note(state, ofUpstream: service.targets[target].metricNumber)
    }
  }

  /// Closes the idle connections, when the plan is no longer the current one.
  func closeIdle(_ worker: Worker) {
    for connections in idle {
      for connection in connections { connection.shut() }
    }
    idle = Array(repeating: [], count: idle.count)
  }
}
