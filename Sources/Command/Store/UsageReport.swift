import Blueprint
import Formats
import Policies
import PolicyKit
import Runtime
import Synchronization

/// What administrators are told of a consumer's plan and what it has used of it.
final class UsageReport: Sendable {
  private struct State {
    var plans: [CallerPlan] = []
    /// The plans of the configuration file's consumers, by their names.
    var fileConsumers: [String: String?] = [:]
  }

  private let ledger: UsageLedger
  private let state = Mutex(State())

  init(_ ledger: UsageLedger) { self.ledger = ledger }

  /// Takes over a configuration.
  func adopt(_ configuration: Configuration) {
    state.withLock { state in
      state.plans = configuration.policies.plans
      state.fileConsumers = Dictionary(
        configuration.blueprint.consumers.map { ($0.name, $0.plan) }
      ) { first, _ in first }
    }
  }

  /// What is told of a consumer; nil if there is none of that name.
  func report(_ name: String, live: LiveDirectory?) -> JSONValue? {
    let (plans, own) = state.withLock { state -> ([CallerPlan], String??) in
      (state.plans, state.fileConsumers[name])
    }
    let named: String?
    if let own {
      named = own
    } else {
      guard let consumer = live?.consumer(named: name) else { return nil }
      named = consumer.plan
    }
    let plan = CallerPlan.plan(of: named, among: plans)
    let now = Clock.wallMilliseconds
    return .object([
      JSONMember("consumer", .string(name)),
      JSONMember("plan", plan.map { .string($0.name) } ?? .null),
      JSONMember("by-default", .boolean(plan != nil && plan?.name != named)),
      JSONMember("time-zone", plan.map { .string($0.zoneName) } ?? .null),
      JSONMember(
        "limits",
        .array((plan?.limits ?? []).map { .string(UsageReport.words($0)) })),
      JSONMember(
        "quotas",
        .array((plan?.quotas ?? []).map { quota in self.quota(quota, plan, name, now) })),
    ])
  }

  private func quota(
    _ quota: CallerPlan.Quota, _ plan: CallerPlan?, _ name: String, _ now: UInt64
  ) -> JSONValue {
    let (start, end) = quota.period.bounds(containing: now, in: plan?.zone ?? .utc)
    let used = ledger.used(
      UsageName.hash(consumer: name, period: quota.period, start: start))
    return .object([
      JSONMember("period", .string(quota.period.rawValue)),
      JSONMember("limit", .integer(Int(clamping: quota.limit))),
      JSONMember("used", .integer(Int(clamping: used))),
      JSONMember("remaining", .integer(Int(clamping: quota.limit - min(quota.limit, used)))),
      JSONMember("resets", .string(Timestamp.text(Int(clamping: end)))),
    ])
  }

  private static func words(_ limit: CallerPlan.Limit) -> String {
    switch limit.seconds {
    case 1: "\(limit.count)/second"
    case 60: "\(limit.count)/minute"
    case 3600: "\(limit.count)/hour"
    default: "\(limit.count)/day"
    }
  }
}
