import Base
public import Formats
import HTTP
public import PolicyKit

/// `rate-limit`: lets so many requests through in so much time.
public final class RateLimitPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "rate-limit", stage: .quota,
      summary: "Lets so many requests through in so much time.",
      options: [
        .init("limit", "count/unit", default: "required", "such as 100/minute; second to day"),
        .init("burst", "count", default: "the limit", "how many may come at once (gcra)"),
        .init("by", "word", default: "consumer", "consumer, ip, route, header:NAME or claim:NAME"),
        .init("algorithm", "word", default: "gcra", "gcra, fixed-window or sliding-window"),
        .init("keys-max", "count", default: "65536", "how many callers are told apart"),
      ])
  }

  private enum Subject { case consumer, address, route, header, claim }

  private let subject: Subject
  private let header: [UInt8]
  private let claim: [UInt8]
  private let limit: UInt64
  private let windowSeconds: UInt64
  private let table: LimitTable

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let text = settings.requiredString("limit") ?? "1/second"
    let read = Rate(text)
    if read == nil {
      settings.error(
        "'\(text)' is no limit", expected: "such as 100/minute", at: settings.position(of: "limit"))
    }
    let rate = read ?? Rate("1/second")
    limit = rate?.count ?? 1
    windowSeconds = rate?.windowSeconds ?? 1
    let burst = settings.integer("burst", in: 1...1_000_000_000) ?? Int(limit)
    let by = settings.string("by") ?? "consumer"
    header = by.hasPrefix("header:") ? Array(by.dropFirst(7).lowercased().utf8) : []
    claim = by.hasPrefix("claim:") ? Array(by.dropFirst(6).utf8) : []
    switch by {
    case _ where !claim.isEmpty: subject = .claim
    case "consumer": subject = .consumer
    case "ip": subject = .address
    case "route": subject = .route
    default:
      subject = .header
      if header.isEmpty || !header.allSatisfy(ASCII.isToken) {
        settings.error(
          "'\(by)' is nothing to count by",
          expected: "consumer, ip, route, header:NAME or claim:NAME",
          at: settings.position(of: "by"))
      }
    }
    let algorithm = settings.choice("algorithm", of: LimitAlgorithm.self) ?? .gcra
    let keysMax = settings.integer("keys-max", in: 1024...16_777_216) ?? 65_536
    let state =
      "rate-limit \(site.service) \(site.path) \(text) \(burst) \(by) \(algorithm) \(keysMax)"
    let known = rate
    table = site.retained.object(state) {
      LimitTable(
        rate: known ?? Rate.smallest, burst: UInt64(burst), algorithm: algorithm, keysMax: keysMax)
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let decision = table.admit(key(exchange), now: exchange.start)
    LimitFields.append(
      to: &exchange.replyFields, name: name, limit: limit, windowSeconds: windowSeconds,
      decision: decision)
    if decision.isAllowed { return .proceed }
    return .deny(Denial(.rateLimited, retryAfterSeconds: Int(decision.seconds)))
  }

  private var name: StaticString {
    switch subject {
    case .consumer: "consumer"
    case .address: "ip"
    case .route: "route"
    case .header: "header"
    case .claim: "claim"
    }
  }

  private func key(_ exchange: borrowing Exchange) -> LimitKey {
    switch subject {
    case .consumer:
      guard let consumer = exchange.consumer else { return address(exchange) }
      if consumer.index >= 0 { return RateLimitPolicy.key(kind: 1, UInt64(consumer.index), 0) }
      let name = consumer.nameBytes
      return name.isEmpty ? address(exchange) : RateLimitPolicy.key(kind: 5, name.span)
    case .address: return address(exchange)
    case .route: return RateLimitPolicy.key(kind: 2, UInt64(max(exchange.route, 0)), 0)
    case .header:
      let header = self.header
      guard let value = exchange.request.fields.value(named: header.span) else {
        return address(exchange)
      }
      return RateLimitPolicy.key(kind: 4, exchange.request.fields[value])
    case .claim:
      let claim = self.claim
      guard let claims = exchange.consumer?.claims, let found = claims.root.member(claim.span)
      else { return address(exchange) }
      let bytes = claims.bytes
      return RateLimitPolicy.key(kind: 6, bytes.span.extracting(found.range))
    }
  }

  private func address(_ exchange: borrowing Exchange) -> LimitKey {
    let address = exchange.client.limitKey
    return RateLimitPolicy.key(kind: 3, address.high, address.low)
  }

  private static func key(kind: UInt8, _ high: UInt64, _ low: UInt64) -> LimitKey {
    var first = Hasher()
    first.combine(kind)
    first.combine(high)
    first.combine(low)
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }

  private static func key(kind: UInt8, _ bytes: Span<UInt8>) -> LimitKey {
    var first = Hasher()
    first.combine(kind)
    // Safety: the bytes are only read, within the call.
    unsafe bytes.withUnsafeBytes { unsafe first.combine(bytes: $0) }
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }
}

extension Rate {
  /// Stands in where a limit could not be read, so that what follows can be checked too.
  static var smallest: Rate { Rate(count: 1, windowSeconds: 1) }

  init(count: UInt64, windowSeconds: UInt64) {
    self.count = count
    self.windowSeconds = windowSeconds
  }
}
