import Base
import Formats
import HTTP
import PolicyKit

/// What `rate-limit` and `admission-limit` have in common: a limit, whom it counts, and where.
struct RateLimiter: Sendable {
  private let subject: LimitSubject
  private let limit: UInt64
  private let windowSeconds: UInt64
  private let table: LimitTable
  /// The limit as other gateways count it too; nil for one of this gateway alone.
  private let shared: SharedLimit?

  /// Compiles the settings; one that is early counts before it is known who calls.
  init(_ settings: inout Settings, at site: PolicySite, isEarly: Bool) {
    let text = settings.requiredString("limit") ?? "1/second"
    let read = Rate(text)
    if read == nil {
      settings.error(
        "'\(text)' is no limit", expected: "such as 100/minute", at: settings.position(of: "limit"))
    }
    let rate = read ?? Rate.smallest
    limit = rate.count
    windowSeconds = rate.windowSeconds
    let burst = UInt64(settings.integer("burst", in: 1...1_000_000_000) ?? Int(limit))
    subject = LimitSubject(&settings, at: site, isEarly: isEarly)
    let algorithm = settings.choice("algorithm", of: LimitAlgorithm.self) ?? .gcra
    let keysMax = settings.integer("keys-max", in: 1024...16_777_216) ?? 65_536
    let state =
      "\(isEarly ? "admission" : "rate")-limit \(site.service) \(site.path) \(text) \(burst) "
      + "\(subject.text) \(algorithm) "
      + "\(keysMax)"
    shared = RateLimiter.shared(
      &settings, site, rate, burst, algorithm, keysMax, state: state, by: subject.text)
    table =
      shared?.local
      ?? site.retained.object(state) {
        LimitTable(rate: rate, burst: burst, algorithm: algorithm, keysMax: keysMax)
      }
  }

  /// Decides on one request of a route with the policy `owner`.
  func review(_ exchange: inout Exchange, _ owner: ObjectIdentifier) -> Verdict {
    if let shared { return review(&exchange, shared, owner) }
    return conclude(&exchange, table.admit(subject.key(exchange), now: exchange.start))
  }

  /// Tells the limit and what is left of it, and lets the request through or not.
  private func conclude(_ exchange: inout Exchange, _ decision: LimitDecision) -> Verdict {
    LimitFields.append(
      to: &exchange.replyFields, name: subject.name, limit: limit, windowSeconds: windowSeconds,
      decision: decision)
    if decision.isAllowed { return .proceed }
    return .deny(Denial(.rateLimited, retryAfterSeconds: max(1, Int(decision.seconds))))
  }

  // MARK: Counted with other gateways

  private func review(
    _ exchange: inout Exchange, _ shared: SharedLimit, _ owner: ObjectIdentifier
  ) -> Verdict {
    if let (count, answer) = exchange.counted(for: owner) {
      if let decision = shared.decision(count, answer, now: exchange.start) {
        return conclude(&exchange, decision)
      }
      return decideAlone(&exchange, shared)
    }
    let (decision, count) = shared.decide(subject.key(exchange, of: shared), now: exchange.start)
    if let decision { return conclude(&exchange, decision) }
    return .count(count)
  }

  /// Those that ask for every request are counted together.
  func count(of exchange: borrowing Exchange) -> SharedCount? {
    guard let shared, shared.isStrict else { return nil }
    return shared.count(subject.key(exchange, of: shared))
  }

  private func decideAlone(_ exchange: inout Exchange, _ shared: SharedLimit) -> Verdict {
    switch shared.whenDown {
    case .open: return .proceed
    case .closed:
      return .deny(
        Denial(.overloaded, retryAfterSeconds: 1, reason: "the shared count cannot be asked for"))
    case .local: return conclude(&exchange, table.admit(subject.key(exchange), now: exchange.start))
    }
  }

  private static func shared(
    _ settings: inout Settings, _ site: PolicySite, _ rate: Rate, _ burst: UInt64,
    _ algorithm: LimitAlgorithm, _ keysMax: Int, state: String, by: String
  ) -> SharedLimit? {
    let isShared = settings.choice("store", ["local", "shared"]) == "shared"
    let sharing = settings.choice("sharing", of: LimitSharing.self)
    let lease = settings.integer("lease", in: 1...1_000_000)
    let whenDown = settings.choice("when-down", of: LimitOutage.self)
    let name = settings.string("name")
    guard isShared else {
      for key in ["sharing", "lease", "when-down", "name"] where settings.node.value(key) != nil {
        settings.error("'\(key)' without 'store: shared'", at: key)
      }
      return nil
    }
    check(settings, site, rate, burst, algorithm, sharing: sharing, lease: lease)
    let identity = name.map { "name \($0)" } ?? "\(site.service) \(site.path)"
    let words =
      "\(identity) \(sharing?.rawValue ?? "") \(lease ?? 0) \(whenDown?.rawValue ?? "") "
      + "\(site.gateways ?? 1)"
    return site.retained.object("shared \(state) \(words)") {
      SharedLimit(
        rate: rate, burst: burst, algorithm: algorithm, identity: "\(identity) \(by)",
        sharing: sharing ?? .strict, lease: lease.map { UInt64($0) },
        whenDown: whenDown ?? .local, gateways: UInt64(max(1, site.gateways ?? 1)),
        keysMax: keysMax)
    }
  }

  private static func check(
    _ settings: Settings, _ site: PolicySite, _ rate: Rate, _ burst: UInt64,
    _ algorithm: LimitAlgorithm, sharing: LimitSharing?, lease: Int?
  ) {
    if site.gateways == nil {
      settings.error(
        "'store: shared', and there is no store for counts",
        expected: "'counters: { redis: redis://127.0.0.1:6379 }' beside 'services'", at: "store")
    }
    if sharing == .leased, algorithm != .gcra {
      settings.error(
        "'sharing: leased' with '\(algorithm.rawValue)'",
        expected: "'algorithm: gcra', or 'sharing: strict'", at: "sharing")
    }
    if lease != nil, sharing != .leased {
      settings.error("'lease' without 'sharing: leased'", at: "lease")
    }
    if let lease, UInt64(lease) > burst {
      settings.error("'lease' is more than the burst, \(burst)", at: "lease")
    }
    if rate.count / rate.windowSeconds > SharedLimit.paceMax {
      settings.error(
        "a shared limit of more than \(SharedLimit.paceMax) a second",
        expected: "a smaller one, or 'store: local'", at: "limit")
    }
    if burst / rate.count * rate.windowSeconds > SharedLimit.recoveryMax {
      settings.error(
        "a shared burst that takes more than a year to recover", expected: "a smaller one",
        at: "burst")
    }
  }
}
