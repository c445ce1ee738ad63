import Base
public import Formats
import HTTP
public import PolicyKit

/// `concurrency-limit`: lets so many requests of a caller be under way at once.
public final class ConcurrencyLimitPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "concurrency-limit", stage: .quota,
      summary: "Lets so many requests of a caller be under way at once.",
      options: [
        .init("limit", "count", default: "required", "how many, from 1 to 1000000"),
        .init("by", "word", default: "consumer", "consumer, ip, route, header:NAME or claim:NAME"),
      ])
  }

  private let subject: LimitSubject
  private let limit: Int
  private let table: UnderwayTable

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    limit = settings.requiredInteger("limit", in: 1...1_000_000) ?? 1
    subject = LimitSubject(&settings, at: site)
    // Kept over a reload: what is under way holds places in the table that it took them from.
    table = site.retained.object(
      "concurrency-limit \(site.service) \(site.path) \(subject.text)"
    ) { UnderwayTable() }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let key = subject.key(exchange)
    let held = UsageKey(high: key.high, low: key.low)
    guard table.enter(held, limit: limit) else {
      return .deny(
        Denial(.rateLimited, retryAfterSeconds: 1, reason: "enough of the caller's are under way"))
    }
    exchange.holds.append(ExchangeHold(table, key: held))
    return .proceed
  }
}
