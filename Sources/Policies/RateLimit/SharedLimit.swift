import Base
import Crypto
import Formats
import PolicyKit

/// A limit that several gateways count together: what of it is asked of the store, and what
/// follows from the answer.
final class SharedLimit: Sendable {
  /// The greatest pace, in requests a second: the store's clock tells no finer.
  static let paceMax: UInt64 = 1_000_000
  /// The longest time that a burst may take to recover, in seconds.
  static let recoveryMax: UInt64 = 366 * 86_400
  /// The part of the burst that one gateway is let have, if nothing is said.
  private static let leaseShare: UInt64 = 100

  let whenDown: LimitOutage
  /// What this gateway counts while the store is away.
  let local: LimitTable
  private let rate: Rate
  private let burst: UInt64
  private let manner: SharedCount.Manner
  /// What the limit is called in the store.
  private let identity: [UInt8]
  private let leases: LeaseTable?

  /// A limit called `identity`; `gateways` is how many count together.
  init(
    rate: Rate, burst: UInt64, algorithm: LimitAlgorithm, identity: String, sharing: LimitSharing,
    lease: UInt64?, whenDown: LimitOutage, gateways: UInt64, keysMax: Int
  ) {
    self.rate = rate
    self.burst = burst
    self.whenDown = whenDown
    self.identity = Array("\(identity) \(algorithm.rawValue) ".utf8)
    manner =
      switch algorithm {
      case .gcra: .gcra
      case .fixedWindow: .fixedWindow
      case .slidingWindow: .slidingWindow
      }
    leases =
      sharing == .leased
      ? LeaseTable(lease: lease ?? max(1, burst / SharedLimit.leaseShare), keysMax: keysMax) : nil
    local = LimitTable(
      rate: Rate(count: max(1, rate.count / gateways), windowSeconds: rate.windowSeconds),
      burst: max(1, burst / gateways), algorithm: algorithm, keysMax: keysMax)
  }

  /// Whether the store is asked for each request.
  var isStrict: Bool { leases == nil }

  /// The hash of a caller: the same in every gateway, and nothing of the caller can be read in it.
  func key(kind: UInt8, _ value: Span<UInt8>) -> LimitKey {
    var text: [UInt8] = []
    text.reserveCapacity(identity.count + value.count + 1)
    text += identity
    text.append(kind)
    for index in value.indices { text.append(value[index]) }
    let digest = SHA256Hasher().hash(text.span)
    return LimitKey(high: digest.words.0, low: digest.words.1)
  }

  /// What is asked of the store for one request.
  func count(_ key: LimitKey, extra: UInt64 = 0, returned: UInt64 = 0) -> SharedCount {
    SharedCount(
      key: SharedCount.Key(high: key.high, low: key.low), manner: manner, limit: rate.count,
      windowSeconds: rate.windowSeconds, burst: burst, wanted: 1 + extra, isPartial: extra > 0,
      returned: returned)
  }

  /// Decides by a lease; nil if the store has to be asked.
  func decide(_ key: LimitKey, now: Instant) -> (decision: LimitDecision?, count: SharedCount) {
    guard let leases else { return (nil, count(key)) }
    switch leases.take(key, now: now) {
    case .passes(let remaining, let seconds):
      return (LimitDecision(isAllowed: true, remaining: remaining, seconds: seconds), count(key))
    case .refused(let seconds):
      return (LimitDecision(isAllowed: false, remaining: 0, seconds: seconds), count(key))
    case .asks(let extra, let returned):
      return (nil, count(key, extra: extra, returned: returned))
    }
  }

  /// What the store's answer means; nil if it gave none.
  func decision(
    _ count: SharedCount, _ answer: CountAnswer, now: Instant
  ) -> LimitDecision? {
    let key = LimitKey(high: count.key.high, low: count.key.low)
    guard case .counted(let taken, let remaining, let milliseconds) = answer else {
      leases?.answered(
        key, extra: count.wanted - 1, taken: nil, remaining: 0, milliseconds: 0, now: now)
      return nil
    }
    leases?.answered(
      key, extra: count.wanted - 1, taken: taken, remaining: remaining, milliseconds: milliseconds,
      now: now)
    let extra = taken > 0 ? taken - 1 : 0
    return LimitDecision(
      isAllowed: taken > 0, remaining: remaining + extra,
      seconds: milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0))
  }
}
