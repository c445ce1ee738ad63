import Base
import Testing

@testable import Gateway

@Suite struct SlowStartTests {
  private func at(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: UInt64(1_000 + milliseconds) * 1_000_000)
  }

  @Test func `A share grows from a tenth to all of it, and is then left alone`() {
    var start = SlowStart()
    #expect(start.share(within: 1_000, now: at(0)) == nil)
    start.began(at(0))
    let shares = [0, 500, 999, 1_000].map { start.share(within: 1_000, now: at($0)) }
    #expect(shares == [10, 55, 99, 100])
    #expect(start.share(within: 1_000, now: at(1_001)) == nil)
  }

  @Test func `The same return counts once`() {
    var start = SlowStart()
    start.began(at(0))
    _ = start.share(within: 100, now: at(200))
    start.began(at(0))
    #expect(start.share(within: 100, now: at(201)) == nil)
    start.began(at(300))
    #expect(start.share(within: 100, now: at(300)) == 10)
  }

  @Test func `Who has a part of his weight gets that part of the requests`() {
    var balancer = Balancer(weights: [1, 1], kind: .roundRobin)
    balancer.setShare(25, of: 1)
    let picks = (0..<500).map { _ in
      balancer.pick(excluding: 0, loads: [0, 0], healthy: .max) ?? -1
    }
    #expect(picks.count { $0 == 1 } == 100)
  }
}
