import Testing

@testable import Gateway

@Suite struct BalancerTests {
  @Test func `Equal weights take turns`() {
    var balancer = Balancer(weights: [1, 1, 1], kind: .roundRobin)
    let picks = (0..<6).map { _ in balancer.pick(excluding: 0, loads: [0, 0, 0], healthy: .max) }
    #expect(picks == [0, 1, 2, 0, 1, 2])
  }

  @Test func `Weights give shares, and heavy ones do not come in a row`() {
    var balancer = Balancer(weights: [5, 1, 1], kind: .roundRobin)
    let picks = (0..<700).map { _ in
      balancer.pick(excluding: 0, loads: [0, 0, 0], healthy: .max) ?? -1
    }
    #expect((0..<3).map { index in picks.count { $0 == index } } == [500, 100, 100])
    #expect(Array(picks.prefix(7)) == [0, 0, 1, 0, 2, 0, 0])
  }

  @Test func `Excluded and unhealthy ones are left out`() {
    var balancer = Balancer(weights: [1, 1, 1], kind: .roundRobin)
    for _ in 0..<10 {
      let pick1 = balancer.pick(excluding: 0b001, loads: [0, 0, 0], healthy: 0b101)
      #expect(pick1 == 2)
    }
    let pick2 = balancer.pick(excluding: 0b111, loads: [0, 0, 0], healthy: .max)
    #expect(pick2 == nil)
  }

  @Test func `The least loaded for its weight is chosen`() {
    var balancer = Balancer(weights: [1, 4], kind: .leastLoaded)
    let pick3 = balancer.pick(excluding: 0, loads: [1, 3], healthy: .max)
    #expect(pick3 == 1)
    let pick4 = balancer.pick(excluding: 0, loads: [0, 9], healthy: .max)
    #expect(pick4 == 0)
    let pick5 = balancer.pick(excluding: 0b01, loads: [0, 9], healthy: .max)
    #expect(pick5 == 1)
  }

  @Test func `Equal loads take turns`() {
    var balancer = Balancer(weights: [1, 1], kind: .leastLoaded)
    let picks = (0..<4).map { _ in balancer.pick(excluding: 0, loads: [2, 2], healthy: .max) }
    #expect(picks == [0, 1, 0, 1])
  }
}
