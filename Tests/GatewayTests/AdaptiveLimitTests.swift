import Base
import Testing

@testable import Gateway

/// The limit against upstreams that are reckoned, not run: so many at work, the others in a line.
@Suite struct AdaptiveLimitTests {
  private struct Outcome {
    var answered = 0
    var slowest: UInt64 = 0
  }

  /// Lets requests come evenly for some seconds at `perSecond`, to `workers` that take
  /// `milliseconds` for each.
  private func run(
    _ limit: inout AdaptiveLimit, from start: Int, seconds: Int, perSecond: Int, workers: Int,
    milliseconds: Int
  ) -> Outcome {
    var outcome = Outcome()
    var free = [Int](repeating: start, count: workers)
    var ends: [(at: Int, took: Int)] = []
    let gap = 1_000_000 / perSecond
    for at in stride(from: start, to: start + seconds * 1_000_000, by: gap) {
      let now = instant(at)
      ends.sort { $0.at < $1.at }
      while let first = ends.first, first.at <= at {
        limit.leave()
        limit.note(UInt64(first.took) * 1_000, now: instant(first.at))
        outcome.answered += 1
        outcome.slowest = max(outcome.slowest, UInt64(first.took))
        ends.removeFirst()
      }
      guard limit.enter(now: now) else { continue }
      let worker = free.indices.min { free[$0] < free[$1] } ?? 0
      let end = max(free[worker], at) + milliseconds * 1_000
      free[worker] = end
      ends.append((end, end - at))
    }
    for _ in ends { limit.leave() }
    return outcome
  }

  private func instant(_ microseconds: Int) -> Instant {
    Instant(nanoseconds: UInt64(microseconds) * 1_000 + 1_000_000_000)
  }

  @Test func `Below capacity nothing is refused`() {
    var limit = AdaptiveLimit()
    let outcome = run(
      &limit, from: 0, seconds: 10, perSecond: 300, workers: 4, milliseconds: 10)
    #expect(outcome.answered > 2_980)
  }

  @Test func `At three times capacity all of it is used, and nobody waits long`() {
    var limit = AdaptiveLimit()
    _ = run(&limit, from: 0, seconds: 5, perSecond: 1_200, workers: 4, milliseconds: 10)
    let outcome = run(
      &limit, from: 5_000_000, seconds: 60, perSecond: 1_200, workers: 4, milliseconds: 10)
    // 400 a second is all that four can do in ten milliseconds each.
    #expect(outcome.answered > 60 * 400 * 95 / 100)
    #expect(outcome.slowest < 60_000)
    #expect(limit.underway == 0)
  }

  @Test func `A limit that nobody comes near stays where it is`() {
    var limit = AdaptiveLimit()
    _ = run(&limit, from: 0, seconds: 30, perSecond: 100, workers: 4, milliseconds: 10)
    #expect(limit.current(now: instant(40_000_000)) <= 20)
  }

  @Test func `When the upstreams become slower, the limit follows`() {
    var limit = AdaptiveLimit()
    _ = run(&limit, from: 0, seconds: 10, perSecond: 1_200, workers: 4, milliseconds: 10)
    _ = run(&limit, from: 10_000_000, seconds: 60, perSecond: 1_200, workers: 1, milliseconds: 10)
    let outcome = run(
      &limit, from: 70_000_000, seconds: 10, perSecond: 1_200, workers: 1, milliseconds: 10)
    #expect(outcome.answered > 900 && outcome.slowest < 100_000)
  }
}
