import Base
import Formats
import HTTP
import PolicyKit
import Synchronization
import Testing

@testable import Policies

@Suite struct PlanTests {
  private static let start: UInt64 = 1_774_742_400_000  // 2026-03-29, 00:00 UTC

  private func plan(
    _ name: String, limits: [CallerPlan.Limit] = [], quotas: [CallerPlan.Quota] = [],
    isDefault: Bool = false
  ) -> CallerPlan {
    CallerPlan(
      name: name, isDefault: isDefault, limits: limits, quotas: quotas, zone: .utc, zoneName: "UTC")
  }

  private func policy(
    _ plans: [CallerPlan], _ yaml: String = "{}", retained: RetainedState = RetainedState()
  ) -> PlanPolicy {
    let (policy, report) = PolicyBench.make(
      PlanPolicy.self, yaml, retained: retained, hasStore: true, plans: plans)
    #expect(report == "")
    return policy
  }

  private func exchange(
    _ name: String = "carol", plan: String? = nil, at milliseconds: UInt64 = PlanTests.start
  ) -> BenchExchange {
    let exchange = PolicyBench.exchange(atMilliseconds: 1_000_000 + milliseconds - PlanTests.start)
    exchange.wallMilliseconds = milliseconds
    exchange.consumer = Consumer(
      index: -1, name: name, roles: [], groups: [], isDisabled: false, isStored: true, plan: plan)
    return exchange
  }

  private func passes(_ policy: PlanPolicy, _ exchange: BenchExchange) -> Bool {
    if case .proceed = policy.review(exchange) { return true }
    return false
  }

  @Test func `A quota lets its number through in a period, and the next begins anew`() {
    let policy = policy([
      plan("free", quotas: [.init(limit: 5, period: .day, warnAt: 4)], isDefault: true)
    ])
    #expect((0..<8).filter { _ in passes(policy, exchange()) }.count == 5)
    let late = exchange(at: PlanTests.start + 86_399_000)
    guard case .deny(let denial) = policy.review(late) else {
      Issue.record("a sixth passed")
      return
    }
    #expect(denial.problem == .quotaExceeded)
    #expect(denial.retryAfterSeconds == 1)
    #expect(PolicyBench.value(late.replyFields, "ratelimit") == "\"day-5\";r=0;t=1")
    #expect(passes(policy, exchange(at: PlanTests.start + 86_400_000)))
    #expect(passes(policy, exchange("dave")))
  }

  @Test func `Callers are warned from the soft limit on, and the operator once`() {
    let retained = RetainedState()
    let policy = policy(
      [plan("free", quotas: [.init(limit: 5, period: .day, warnAt: 4)], isDefault: true)],
      retained: retained)
    let told = (0..<6).map { _ in
      let exchange = exchange()
      _ = policy.review(exchange)
      return PolicyBench.value(exchange.replyFields, "quota-warning")
    }
    #expect(told == [nil, nil, nil, "\"day\";used=4;limit=5", "\"day\";used=5;limit=5", nil])
    let ledger = retained.object(UsageLedger.key) { UsageLedger() }
    #expect(ledger.takeNotices().map(\.used) == [4, 5])
  }

  /// RTL-18: everything that is said holds at once, and the first that is reached refuses.
  @Test func `All limits and quotas of a plan hold at once, and what is refused is not counted`() {
    let retained = RetainedState()
    let policy = policy(
      [
        plan(
          "gold", limits: [.init(count: 3, seconds: 1)],
          quotas: [
            .init(limit: 4, period: .hour, warnAt: .max),
            .init(limit: 6, period: .day, warnAt: .max),
          ])
      ], retained: retained)
    func count(_ milliseconds: UInt64, of tries: Int) -> Int {
      (0..<tries).filter { _ in passes(policy, exchange(plan: "gold", at: milliseconds)) }.count
    }
    #expect(count(PlanTests.start, of: 5) == 3)
    #expect(count(PlanTests.start + 10_000, of: 5) == 1)
    #expect(count(PlanTests.start + 3_600_000, of: 9) == 2)
    let ledger = retained.object(UsageLedger.key) { UsageLedger() }
    #expect(
      ledger.used(UsageName.hash(consumer: "carol", period: .day, start: PlanTests.start)) == 6)
    #expect(
      ledger.used(
        UsageName.hash(consumer: "carol", period: .hour, start: PlanTests.start + 3_600_000)) == 2)
  }

  /// RTL-18: the rule is total: each consumer has one plan, or none and no way in.
  @Test func `One has its own plan, else the default, else none`() {
    let (gold, free) = (
      plan("gold", quotas: [.init(limit: 2, period: .day, warnAt: .max)]),
      plan("free", quotas: [.init(limit: 1, period: .day, warnAt: .max)], isDefault: true)
    )
    let both = policy([gold, free])
    func count(_ policy: PlanPolicy, _ name: String, _ plan: String?) -> Int {
      (0..<4).filter { _ in passes(policy, exchange(name, plan: plan)) }.count
    }
    #expect(count(both, "a", "gold") == 2)
    #expect(count(both, "b", nil) == 1)
    #expect(count(both, "c", "gone") == 1)
    let alone = policy([gold])
    #expect(PolicyBench.problem(alone.review(exchange())) == .accessDenied)
    #expect(PolicyBench.problem(alone.review(exchange(plan: "gone"))) == .accessDenied)
    for own in [nil, "gold", "free", "gone"] {
      #expect(CallerPlan.plan(of: own, among: [gold, free]) != nil)
      #expect((CallerPlan.plan(of: own, among: [gold]) != nil) == (own == "gold"))
    }
  }

  @Test func `Who takes another plan takes along what was used`() {
    let policy = policy([
      plan("free", quotas: [.init(limit: 2, period: .day, warnAt: .max)], isDefault: true),
      plan("gold", quotas: [.init(limit: 3, period: .day, warnAt: .max)]),
    ])
    #expect((0..<3).filter { _ in passes(policy, exchange()) }.count == 2)
    #expect((0..<3).filter { _ in passes(policy, exchange(plan: "gold")) }.count == 1)
  }

  @Test func `A service may count apart, and nobody has no plan`() {
    let retained = RetainedState()
    let plans = [
      plan("free", quotas: [.init(limit: 1, period: .day, warnAt: .max)], isDefault: true)
    ]
    let (all, apart) = (
      policy(plans, retained: retained), policy(plans, "{ scope: service }", retained: retained)
    )
    #expect(passes(all, exchange()))
    #expect(passes(apart, exchange()))
    #expect(!passes(all, exchange()))
    let nobody = PolicyBench.exchange()
    #expect(passes(all, nobody))
  }

  /// RTL-03 for quotas: exact among threads.
  @Test func `Eight threads get exactly the quota between them`() async {
    let policy = policy([
      plan("free", quotas: [.init(limit: 10_000, period: .day, warnAt: .max)], isDefault: true)
    ])
    let admitted = Atomic<Int>(0)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { (0..<4000).filter { _ in self.passes(policy, self.exchange()) }.count }
      }
      for await mine in group { admitted.add(mine, ordering: .relaxed) }
    }
    #expect(admitted.load(ordering: .relaxed) == 10_000)
  }

  @Test func `What cannot be held is reported`() {
    let quota = [plan("a", quotas: [.init(limit: 1, period: .day, warnAt: .max)])]
    #expect(PolicyBench.make(PlanPolicy.self, "{}", hasStore: true).report.contains("no plan"))
    #expect(PolicyBench.make(PlanPolicy.self, "{}", plans: quota).report.contains("store"))
    #expect(
      PolicyBench.make(PlanPolicy.self, "{ scope: x }", hasStore: true, plans: quota).report != "")
    let pace = [plan("a", limits: [.init(count: 1, seconds: 1)])]
    #expect(PolicyBench.make(PlanPolicy.self, "{}", plans: pace).report == "")
  }
}
