import Base
public import Formats
public import HTTP
public import PolicyKit

/// `abuse-limit`: keeps out for a while whoever fails to show who he is too often.
///
/// Failures count by address, by network and by the name that was tried. A name is kept out only
/// where it was never right of late, so that a stranger who guesses cannot lock its owner out.
public final class AbuseLimitPolicy: RequestPolicy, ResponsePolicy, RefusalPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "abuse-limit", stage: .admission,
      summary: "Keeps out for a while whoever fails to show who he is too often.",
      options: [
        .init("address", "count/unit", default: "20/minute", "failures of an address"),
        .init("network", "count/unit", default: "200/minute", "of a /24, or a /48 of IPv6"),
        .init("subject", "count/unit", default: "50/hour", "of a name, such as a user's"),
        .init("ban", "duration", default: "15m", "how long one is kept out"),
        .init("upstream", "boolean", default: "false", "the upstream's 401 counts as well"),
      ])
  }

  private let addresses: FailureCount
  private let networks: FailureCount
  private let subjects: FailureCount
  private let banMilliseconds: UInt64
  private let countsUpstream: Bool
  private let book: BanBook
  private let owners: KnownOwners

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let place = "\(site.service) \(site.path)"
    addresses = FailureCount("address", "20/minute", &settings, site.retained, place)
    networks = FailureCount("network", "200/minute", &settings, site.retained, place)
    subjects = FailureCount("subject", "50/hour", &settings, site.retained, place)
    banMilliseconds = UInt64(settings.duration("ban", in: 1_000...2_592_000_000) ?? 900_000)
    countsUpstream = settings.boolean("upstream") ?? false
    book = site.retained.object(BanBook.key) { BanBook() }
    owners = site.retained.object("abuse-limit owners \(place)") { KnownOwners() }
  }

  /// Refuses those who are kept out.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let now = exchange.wallMilliseconds
    var until = book.until(exchange.client, nowMilliseconds: now)
    if let live = exchange.live, !live.bans.isEmpty {
      until = max(until, live.bans.until(exchange.client))
    }
    if until > now { return refuse(until - now, "the address is banned") }
    guard let name = AbuseLimitPolicy.subject(exchange) else { return .proceed }
    let key = FailureCount.key(name)
    exchange.attempt = UsageKey(high: key.high, low: key.low)
    until = max(
      book.until(subject: name, nowMilliseconds: now),
      exchange.live?.bans.until(subject: name) ?? 0)
    guard until > now, !owners.knows(key, at: exchange.client, nowMilliseconds: now) else {
      return .proceed
    }
    return refuse(until - now, "the name is banned where it was never right")
  }

  private func refuse(_ milliseconds: UInt64, _ reason: StaticString) -> Verdict {
    .deny(
      Denial(
        .rateLimited, retryAfterSeconds: Int(clamping: (milliseconds + 999) / 1000),
        reason: reason))
  }

  /// Counts what was shown and not right.
  public func refused(_ exchange: borrowing Exchange, _ problem: Problem) {
    if problem == .credentialsInvalid { failed(exchange) }
  }

  /// Notes from where a name was right; or that the upstream found it was not.
  public func reviewResponse(_ exchange: inout Exchange) {
    if countsUpstream, exchange.response.status == 401 { return failed(exchange) }
    // The name itself has been taken out of the request.
    guard let attempt = exchange.attempt, exchange.shown.contains(.password) else { return }
    owners.note(
      LimitKey(high: attempt.high, low: attempt.low), at: exchange.client,
      nowMilliseconds: exchange.wallMilliseconds)
  }

  private func failed(_ exchange: borrowing Exchange) {
    let now = exchange.wallMilliseconds
    let own = exchange.client.limitKey
    if addresses.isOver(LimitKey(high: own.high, low: own.low), now: exchange.start) {
      ban(BanTarget(exchange.client), addresses, now)
    }
    let network = exchange.client.masked(to: exchange.client.isV4 ? 24 : 48)
    if networks.isOver(LimitKey(high: network.high, low: ~network.low), now: exchange.start) {
      ban(BanTarget(networkOf: exchange.client), networks, now)
    }
    guard let name = AbuseLimitPolicy.subject(exchange) else { return }
    if subjects.isOver(FailureCount.key(name), now: exchange.start) {
      ban(.subject(name), subjects, now)
    }
  }

  private func ban(_ target: BanTarget, _ count: FailureCount, _ now: UInt64) {
    book.ban(
      Ban(
        target, untilMilliseconds: now + banMilliseconds,
        reason: "more than \(count.text) failed to show who they are"), nowMilliseconds: now)
  }

  /// The name that a request shows; nil if it shows none, or a very long one.
  private static func subject(_ exchange: borrowing Exchange) -> String? {
    guard case .pair(let name, _) = PasswordCredentials.find(exchange.request.fields),
      !name.isEmpty, name.utf8.count <= BanTarget.subjectBytesMax
    else { return nil }
    return name
  }
}
