import Base

/// How many requests a service's upstreams answer at once without letting them wait, found out from
/// how long answers take.
///
/// The gradient of Envoy's adaptive concurrency and of Netflix's concurrency limits: as long as
/// answers take no more than `tolerance` times the least they can, the limit grows by its square
/// root; when they take longer, somebody queues, and it shrinks in proportion. The least is that of
/// the last two periods; at the begin of each the limit is a quarter for two windows, so that a
/// queue which is always there is not taken for the least.
struct AdaptiveLimit {
  static let least = 3.0
  static let most = 10_000.0
  private static let tolerance = 1.5
  private static let windowNanoseconds: UInt64 = 100_000_000
  private static let windowAnswersMin = 10
  private static let periodNanoseconds: UInt64 = 20_000_000_000
  private static let probeNanoseconds: UInt64 = 1_000_000_000
  private static let probeWindows = 2

  private var limit = 20.0
  /// Requests that are under way.
  private(set) var underway = 0
  private var peak = 0
  private var count = 0
  private var sum = 0.0
  private var windowBegan = Instant(nanoseconds: 0)
  private var periodBegan = Instant(nanoseconds: 0)
  /// Windows of the probe at the period's begin that are still to come.
  private var probesLeft = 0
  /// The quickest window of this period and of the one before, in nanoseconds; 0 for none.
  private var quickest = 0.0
  private var quickestBefore = 0.0

  /// How many may be under way at the moment.
  func current(now: Instant) -> Int {
    let isProbing = probesLeft > 0 && now.since(periodBegan) < AdaptiveLimit.probeNanoseconds
    return Int(isProbing ? max(limit / 4, 1) : limit)
  }

  /// Lets a request in; false if there are enough.
  mutating func enter(now: Instant) -> Bool {
    guard underway < current(now: now) else { return false }
    underway += 1
    peak = max(peak, underway)
    return true
  }

  /// A request that was let in has ended.
  mutating func leave() { underway -= 1 }

  /// An answer took so long to begin.
  mutating func note(_ nanoseconds: UInt64, now: Instant) {
    sum += Double(nanoseconds)
    count += 1
    let passed = now.since(windowBegan)
    if passed < AdaptiveLimit.windowNanoseconds || count < AdaptiveLimit.windowAnswersMin { return }
    close(average: sum / Double(count), now: now)
    (sum, count, peak, windowBegan) = (0, 0, underway, now)
  }

  private mutating func close(average: Double, now: Instant) {
    if probesLeft > 0 {
      probesLeft -= 1
      // The first still has answers to what had been let in before.
      if probesLeft == 0 { quickest = quickest == 0 ? average : min(quickest, average) }
      return
    }
    if now.since(periodBegan) >= AdaptiveLimit.periodNanoseconds {
      if quickest > 0 { probesLeft = AdaptiveLimit.probeWindows }
      (quickestBefore, quickest, periodBegan) = (quickest, 0, now)
    }
    quickest = quickest == 0 ? average : min(quickest, average)
    let best = quickestBefore == 0 ? quickest : min(quickest, quickestBefore)
    let gradient = min(1, max(0.5, AdaptiveLimit.tolerance * best / average))
    // A limit that nobody comes near says nothing, and would grow without end.
    if gradient == 1, Double(peak) < limit / 2 { return }
    limit = min(
      AdaptiveLimit.most,
      max(AdaptiveLimit.least, gradient * limit + limit.squareRoot()))
  }
}
