import Testing

@testable import Gateway

/// The choice by a key.
@Suite struct RendezvousTests {
  private let seeds = ["a:1", "b:1", "c:1", "d:1"].map { RendezvousHash.key($0.utf8.span) }

  private func pick(_ number: Int, _ healthy: UInt64 = .max, weights: [Int] = [1, 1, 1, 1]) -> Int {
    let balancer = Balancer(weights: weights, kind: .roundRobin)
    let key = RendezvousHash.key("user-\(number)".utf8.span)
    return balancer.pick(for: key, seeds: seeds, excluding: 0, healthy: healthy) ?? -1
  }

  @Test func `Keys spread evenly, and stay where they are`() {
    let picks = (0..<8_000).map { pick($0) }
    for index in 0..<4 {
      let count = picks.count { $0 == index }
      #expect((1_800...2_200).contains(count))
    }
    #expect(picks == (0..<8_000).map { pick($0) })
  }

  @Test func `When one is gone, only its keys move, and to all others`() {
    var moved = [0, 0, 0, 0]
    for number in 0..<8_000 {
      let (before, after) = (pick(number), pick(number, 0b1011))
      if before == 2 { moved[after] += 1 } else { #expect(before == after) }
    }
    #expect(moved[2] == 0 && [0, 1, 3].allSatisfy { moved[$0] > 500 })
  }

  @Test func `Weights give shares`() {
    let picks = (0..<8_000).map { pick($0, weights: [5, 1, 1, 1]) }
    #expect((4_700...5_300).contains(picks.count { $0 == 0 }))
  }
}
