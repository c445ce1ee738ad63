import Base
import Testing

@testable import Gateway

/// The choice by answer time.
@Suite struct FastestTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  @Test func `A rise counts at once, a fall as time goes by`() {
    var time = AnswerTime()
    time.note(1_000_000, now: start)
    time.note(9_000_000, now: start.adding(milliseconds: 1))
    let soon = time.cost(load: 0, now: start.adding(milliseconds: 1))
    #expect(soon == 9_000_000)
    time.note(1_000_000, now: start.adding(milliseconds: 2))
    #expect(time.cost(load: 0, now: start.adding(milliseconds: 2)) > 8_900_000)
    time.note(1_000_000, now: start.adding(milliseconds: 60_000))
    #expect(time.cost(load: 0, now: start.adding(milliseconds: 60_000)) < 1_100_000)
  }

  @Test func `More exchanges under way cost more, and one that nobody knows is asked by one alone`()
  {
    var time = AnswerTime()
    #expect(time.cost(load: 0, now: start) == 0)
    #expect(time.cost(load: 1, now: start) > 1e9)
    time.note(1_000, now: start)
    #expect(time.cost(load: 3, now: start) == 4_000)
  }

  @Test func `A slow one gets next to nothing, and the others share the rest`() {
    var balancer = Balancer(weights: [1, 1, 1], kind: .roundRobin)
    var times = [AnswerTime](repeating: AnswerTime(), count: 3)
    for index in 0..<3 { times[index].note(index == 1 ? 100_000_000 : 1_000_000, now: start) }
    var counts = [0, 0, 0]
    for _ in 0..<3_000 {
      let picked = balancer.pickFastest(
        excluding: 0, loads: [0, 0, 0], times: times, healthy: .max, now: start)
      counts[picked ?? 0] += 1
    }
    #expect(counts[1] == 0)
    #expect(counts[0] > 1_000 && counts[2] > 1_000)
  }

  @Test func `Excluded ones are left out, and of one alone that one is taken`() {
    var balancer = Balancer(weights: [1, 1, 1], kind: .roundRobin)
    let times = [AnswerTime](repeating: AnswerTime(), count: 3)
    for _ in 0..<20 {
      let one = balancer.pickFastest(
        excluding: 0b001, loads: [0, 0, 0], times: times, healthy: 0b101, now: start)
      #expect(one == 2)
    }
    let none = balancer.pickFastest(
      excluding: 0b111, loads: [0, 0, 0], times: times, healthy: .max, now: start)
    #expect(none == nil)
  }
}
