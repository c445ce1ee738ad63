import Base
import Formats
import PolicyKit

/// A plan with what it counts by.
final class CompiledPlan: Sendable {
  let name: String
  /// Tables of the limits of the pace, those of short times first.
  let limits: [(limit: CallerPlan.Limit, table: LimitTable)]
  let quotas: [(quota: CallerPlan.Quota, clock: PeriodClock)]

  /// A plan; its counts are kept in `retained` over reloads.
  init(_ plan: CallerPlan, retained: RetainedState, scope: String, keysMax: Int) {
    name = plan.name
    limits = plan.limits.map { limit in
      let key = "plan \(plan.name) \(limit.count) \(limit.seconds) \(scope) \(keysMax)"
      return (
        limit,
        retained.object(key) {
          LimitTable(
            rate: Rate(count: limit.count, windowSeconds: limit.seconds), burst: limit.count,
            algorithm: .gcra, keysMax: keysMax)
        }
      )
    }
    quotas = plan.quotas.map { ($0, PeriodClock($0.period, plan.zone)) }
  }
}
