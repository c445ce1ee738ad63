import Base
public import Formats
import HTTP
public import PolicyKit

/// `plan`: holds consumers to the limits and quotas of their plans.
///
/// All that a plan says holds at once, beside whatever limits the route has: the first that is
/// reached refuses.
public final class PlanPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "plan", stage: .quota,
      summary: "Holds consumers to the limits and quotas of their plans.",
      options: [
        .init("scope", "word", default: "all", "all services together, or this service apart"),
        .init("keys-max", "count", default: "65536", "how many callers' paces are told apart"),
      ])
  }

  private let plans: [String: CompiledPlan]
  private let standard: CompiledPlan?
  private let ledger: UsageLedger
  private let scope: String

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let scope = settings.choice("scope", ["all", "service"]) == "service" ? site.service : ""
    let keysMax = settings.integer("keys-max", in: 1024...16_777_216) ?? 65_536
    self.scope = scope
    if site.plans.isEmpty {
      settings.error(
        "there is no plan", expected: "'plans' beside 'services'", at: settings.position)
    }
    if !site.hasStore, site.plans.contains(where: { !$0.quotas.isEmpty }) {
      settings.error(
        "plans with quotas, and no store that keeps what was used",
        expected: "'store: { sqlite: gatehouse.db }' beside 'services'", at: settings.position)
    }
    var plans: [String: CompiledPlan] = [:]
    for plan in site.plans {
      plans[plan.name] = CompiledPlan(
        plan, retained: site.retained, scope: scope, keysMax: keysMax)
    }
    self.plans = plans
    standard = site.plans.first { $0.isDefault }.flatMap { plans[$0.name] }
    ledger = site.retained.object(UsageLedger.key) { UsageLedger() }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let consumer = exchange.consumer, !consumer.isAnonymous, !consumer.nameBytes.isEmpty
    else {
      // Who is nobody has no plan; what is public is limited by address.
      return .proceed
    }
    guard let plan = consumer.plan.flatMap({ plans[$0] }) ?? standard else {
      return .deny(Denial(.accessDenied, reason: "the caller has no plan"))
    }
    let caller = self.caller(consumer)
    var nearest: (place: Int, decision: LimitDecision)?
    for place in plan.limits.indices {
      let decision = plan.limits[place].table.admit(caller, now: exchange.start)
      if !decision.isAllowed {
        tell(&exchange, plan.limits[place].limit, decision)
        return .deny(Denial(.rateLimited, retryAfterSeconds: max(1, Int(decision.seconds))))
      }
      if nearest.map({ decision.remaining < $0.decision.remaining }) ?? true {
        nearest = (place, decision)
      }
    }
    if let nearest { tell(&exchange, plan.limits[nearest.place].limit, nearest.decision) }
    return plan.quotas.isEmpty ? .proceed : count(&exchange, consumer, plan, caller)
  }

  // MARK: Quotas

  private func count(
    _ exchange: inout Exchange, _ consumer: Consumer, _ plan: CompiledPlan, _ caller: LimitKey
  ) -> Verdict {
    let now = exchange.wallMilliseconds
    let answer = ledger.admit(
      caller: caller.high, count: plan.quotas.count, nowMilliseconds: now,
      question: { place in
        let (quota, clock) = plan.quotas[place]
        let (start, end) = clock.bounds(at: now)
        return UsageQuestion(
          key: PlanPolicy.key(caller, quota.period, start), limit: quota.limit,
          warnAt: quota.warnAt, endsMilliseconds: end)
      },
      hash: { place in
        let (quota, clock) = plan.quotas[place]
        return UsageName.hash(
          consumer: consumer.name, isTrusted: consumer.index >= 0 || consumer.isStored,
          scope: scope, period: quota.period, start: clock.bounds(at: now).start)
      })
    let (quota, clock) = plan.quotas[answer.place]
    let (start, end) = clock.bounds(at: now)
    let seconds = (end - min(end, now) + 999) / 1000
    LimitFields.append(
      to: &exchange.replyFields, name: PlanPolicy.word(quota.period), limit: quota.limit,
      windowSeconds: (end - start) / 1000,
      decision: LimitDecision(
        isAllowed: answer.isAllowed, remaining: answer.remaining, seconds: seconds))
    if answer.isFirst {
      ledger.note(
        UsageNotice(
          consumer: consumer.name, plan: plan.name, period: quota.period.rawValue,
          used: answer.used, limit: quota.limit))
    }
    if answer.isWarning {
      exchange.replyFields.append(
        name: "quota-warning".utf8.span,
        value: "\"\(quota.period)\";used=\(answer.used);limit=\(quota.limit)".utf8.span)
    }
    if answer.isAllowed { return .proceed }
    return .deny(Denial(.quotaExceeded, retryAfterSeconds: max(1, Int(clamping: seconds))))
  }

  private func tell(
    _ exchange: inout Exchange, _ limit: CallerPlan.Limit, _ decision: LimitDecision
  ) {
    LimitFields.append(
      to: &exchange.replyFields, name: "plan", limit: limit.count, windowSeconds: limit.seconds,
      decision: decision)
  }

  private static func word(_ period: CalendarPeriod) -> StaticString {
    switch period {
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    }
  }

  // MARK: Keys

  /// A hash of who calls, and of the scope. A consumer that the configuration or the store has is
  /// another than somebody of that name in a token.
  private func caller(_ consumer: Consumer) -> LimitKey {
    var first = Hasher()
    first.combine(consumer.index >= 0 || consumer.isStored)
    let name = consumer.nameBytes
    // Safety: the bytes are only read, within the call.
    unsafe name.withUnsafeBytes { unsafe first.combine(bytes: $0) }
    if !scope.isEmpty { first.combine(scope) }
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }

  private static func key(
    _ caller: LimitKey, _ period: CalendarPeriod, _ start: UInt64
  ) -> UsageKey {
    var first = Hasher()
    first.combine(caller.high)
    first.combine(caller.low)
    first.combine(period)
    first.combine(start)
    var second = first
    second.combine(UInt8(1))
    return UsageKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }
}
