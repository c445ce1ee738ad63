import Base
import Blueprint
import Runtime
import Telemetry

/// One loop's view of a service: its idle connections, and how its upstreams do.
final class ServicePool {
  let service: PlanService
  // The arrays are moved out while something in them changes, and back after, so that no access to
  // them has to be checked (decision 7).
  /// Exchanges under way, by target.
  private var loads: [Int]
  private var budget: RetryBudget
  private var idle: [[UpstreamConnection]]
  /// Connections that many exchanges share, by target, and how many each takes at once.
  private var shared: [[UpstreamConnection]]
  private var streamsMax: [Int]
  private var balancer: Balancer
  private var ejections: [Ejection]
  private var times: [AnswerTime]
  private var returns: [SlowStart]
  /// What the targets are to keys, by their names alone: the same on every node.
  private let seeds: [UInt64]
  private var limit = AdaptiveLimit()

  /// A loop's view of a service; what `before` knows of the same upstreams stays known.
  init(_ service: PlanService, after before: ServicePool? = nil) {
    self.service = service
    let count = service.targets.count
    loads = Array(repeating: 0, count: count)
    idle = Array(repeating: [], count: count)
    shared = Array(repeating: [], count: count)
    streamsMax = Array(repeating: service.keepAlive.streamsMax, count: count)
    ejections = Array(repeating: Ejection(), count: count)
    times = Array(repeating: AnswerTime(), count: count)
    returns = Array(repeating: SlowStart(), count: count)
    seeds = service.targets.map { target in
      let name = target.authority
      return RendezvousHash.key(name.span)
    }
    budget = RetryBudget(percent: Int((service.retries.budget * 100).rounded()))
    balancer = Balancer(
      weights: service.targets.map { $0.weight },
      kind: service.balance == .leastLoaded ? .leastLoaded : .roundRobin)
    guard let before else { return }
    for target in service.targets {
      guard
        let old = before.service.targets.first(where: { $0.authority == target.authority })
      else { continue }
      ejections[target.index] = before.ejections[old.index]
      ejections[target.index].ended()
      times[target.index] = before.times[old.index]
      returns[target.index] = before.returns[old.index]
    }
  }

  /// Whether the choice hangs on a key.
  var needsKey: Bool { service.balance == .hash && service.targets.count > 1 }

  /// The target for the next try, leaving out those in `tried` if others are left; `key` is what
  /// the choice hangs on, if it does.
  func pick(excluding tried: UInt64, key: UInt64, now: Instant) -> Int? {
    if service.targets.count == 1 { return 0 }
    var held: [Ejection] = []
    swap(&held, &ejections)
    let found = pick(&held, excluding: tried, key: key, now: now)
    swap(&held, &ejections)
    return found
  }

  private func pick(
    _ ejections: inout [Ejection], excluding tried: UInt64, key: UInt64, now: Instant
  ) -> Int? {
    if service.slowStartMilliseconds > 0 { growShares(now) }
    var available: UInt64 = 0
    var well: UInt64 = 0
    for index in ejections.indices where ejections[index].isAvailable(now: now) {
      available |= 1 << UInt64(index & 63)
      if service.targets[index].isWell { well |= 1 << UInt64(index & 63) }
    }
    // Of those that health checks find unwell, if there is nobody else, all are used, and not one.
    if let found = balance(excluding: tried, healthy: well, key: key, now: now)
      ?? balance(excluding: tried, healthy: available, key: key, now: now)
    {
      ejections[found].chosen(now: now)
      return found
    }
    if let found = Ejection.soonest(ejections, excluding: tried) { return found }
    return balance(excluding: 0, healthy: .max, key: key, now: now)
  }

  private func balance(
    excluding tried: UInt64, healthy: UInt64, key: UInt64, now: Instant
  ) -> Int? {
    switch service.balance {
    case .roundRobin, .leastLoaded:
      balancer.pick(excluding: tried, loads: loads, healthy: healthy)
    case .fastest:
      balancer.pickFastest(
        excluding: tried, loads: loads, times: times, healthy: healthy, now: now)
    case .hash: balancer.pick(for: key, seeds: seeds, excluding: tried, healthy: healthy)
    }
  }

  /// Gives those that have come back more of their weight, as time goes on.
  private func growShares(_ now: Instant) {
    var held: [SlowStart] = []
    swap(&held, &returns)
    for index in held.indices {
      if let moment = service.targets[index].returnedAt { held[index].began(moment) }
      guard
        let share = held[index].share(within: service.slowStartMilliseconds, now: now)
      else { continue }
      balancer.setShare(share, of: index)
    }
    swap(&held, &returns)
  }

  // MARK: How many at once

  /// Whether there is such a bound.
  var isBounded: Bool { service.isAdaptive || service.gate != nil }

  /// Lets a request in; false if there are enough under way.
  func enter(now: Instant) -> Bool {
    if service.isAdaptive { return limit.enter(now: now) }
    return service.gate?.enter() ?? true
  }

  /// A request that was let in has ended.
  func leave() {
    if service.isAdaptive { limit.leave() } else { service.gate?.leave() }
  }

  /// Whether it matters how long answers take.
  var isMeasured: Bool { service.isAdaptive || service.balance == .fastest }

  /// A target has begun to answer, after so many nanoseconds.
  func measured(_ target: Int, _ nanoseconds: UInt64, now: Instant) {
    if service.balance == .fastest {
      var held: [AnswerTime] = []
      swap(&held, &times)
      held[target].note(nanoseconds, now: now)
      swap(&held, &times)
    }
    if service.isAdaptive { limit.note(nanoseconds, now: now) }
  }

  /// An idle connection to a target, or nil.
  func takeIdle(_ target: Int) -> UpstreamConnection? {
    var held: [[UpstreamConnection]] = []
    swap(&held, &idle)
    var found = held[target].popLast()
    while let connection = found, connection.descriptor < 0 || connection.isHungUp {
      found = held[target].popLast()
    }
    swap(&held, &idle)
    return found
  }

  /// Keeps a connection for the next exchange; false if there are enough.
  func keep(_ connection: UpstreamConnection, _ target: Int) -> Bool {
    var held: [[UpstreamConnection]] = []
    swap(&held, &idle)
    let hasRoom =
      service.proxyHeader == nil && held[target].count < service.keepAlive.idleMax
    if hasRoom { held[target].append(connection) }
    swap(&held, &idle)
    return hasRoom
  }

  /// Forgets a connection that was closed while idle.
  func drop(_ connection: UpstreamConnection, _ target: Int) {
    var held: [[UpstreamConnection]] = []
    swap(&held, &idle)
    held[target].removeAll { $0 === connection }
    swap(&held, &idle)
  }

  // MARK: Connections that are shared

  /// A connection to a target that takes another exchange, or nil.
  func takeShared(_ target: Int) -> UpstreamConnection? {
    let held = shared[target]
    for connection in held where connection.streams?.hasRoom == true { return connection }
    return nil
  }

  /// Has exchanges find a connection.
  func share(_ connection: UpstreamConnection, _ target: Int) { shared[target].append(connection) }

  /// Forgets a connection that takes no more.
  func dropShared(_ connection: UpstreamConnection, _ target: Int) {
    shared[target].removeAll { $0 === connection }
  }

  /// Whether a connection on which nothing is under way may stay.
  func mayKeepShared(_ connection: UpstreamConnection, _ target: Int) -> Bool {
    let others = shared[target].count { $0 !== connection && $0.streams?.count == 0 }
    return others < service.keepAlive.idleMax
  }

  /// How many exchanges a connection to a target is expected to take at once.
  func streamsMax(of target: Int) -> Int { streamsMax[target] }

  /// A target has said how many it takes.
  func note(streamsMax most: Int, of target: Int) { streamsMax[target] = max(1, most) }

  /// Counts an exchange that begins, or ends, at a target.
  func began(_ target: Int) { changeLoad(target, by: 1) }
  func ended(_ target: Int) {
    changeLoad(target, by: -1)
    var held: [Ejection] = []
    swap(&held, &ejections)
    held[target].ended()
    swap(&held, &ejections)
  }

  private func changeLoad(_ target: Int, by change: Int) {
    var held: [Int] = []
    swap(&held, &loads)
    held[target] += change
    swap(&held, &loads)
  }

  /// Pays in for a request, and takes out a retry; false if there is none left.
  func deposit() { budget.deposit() }
  func withdraw(now: Instant) -> Bool { budget.withdraw(now: now) }

  /// The target has answered.
  func succeeded(_ target: Int, now: Instant) {
    var held: [Ejection] = []
    swap(&held, &ejections)
    let returns = held[target].hasEjected
    held[target].succeeded()
    swap(&held, &ejections)
    if returns {
      var starts: [SlowStart] = []
      swap(&starts, &self.returns)
      starts[target].began(now)
      swap(&starts, &self.returns)
      ErrorLog.notice("\(service.targets[target].label(service.name)) answers again")
    }
  }

  /// A try at the target has failed.
  func failed(_ target: Int, _ fault: UpstreamFault, _ worker: Worker) {
    var held: [Ejection] = []
    swap(&held, &ejections)
    let ejected = held[target].failed(now: worker.loop.now)
    swap(&held, &ejections)
    guard let pause = ejected else { return }
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
        active: isOver ? 0 : loads[target], idle: isOver ? 0 : idleCount(target),
        returnsAt: isOver || service.targets.count == 1
          ? Instant(nanoseconds: 0)
          : service.targets[target].isWell ? ejections[target].returnsAt : .distantFuture)
      metrics.note(state, ofUpstream: service.targets[target].metricNumber)
    }
  }

  private func idleCount(_ target: Int) -> Int {
    idle[target].count + shared[target].count { $0.streams?.count == 0 }
  }

  /// Closes the idle connections, when the plan is no longer the current one.
  func closeIdle(_ worker: Worker) {
    // `shut` has each taken out of what is kept.
    let kept = idle
    for connections in kept {
      for connection in connections { connection.shut() }
    }
    let sharing = shared
    for connections in sharing {
      for connection in connections where connection.streams?.count == 0 { connection.leave() }
    }
  }
}
