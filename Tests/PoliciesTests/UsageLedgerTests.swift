import PolicyKit
import Testing

@Suite struct UsageLedgerTests {
  private func admit(
    _ ledger: UsageLedger, _ number: UInt64 = 1, limit: UInt64 = 100, ends: UInt64 = 1000,
    now: UInt64 = 0
  ) -> UsageAnswer {
    ledger.admit(
      caller: number, count: 1, nowMilliseconds: now,
      question: { _ in
        UsageQuestion(
          key: UsageKey(high: number, low: 7), limit: limit, warnAt: .max, endsMilliseconds: ends)
      }, hash: { _ in (number, 1, 2, 3) })
  }

  @Test func `What the store has counted of others counts here`() {
    let ledger = UsageLedger()
    ledger.learn((1, 1, 2, 3), total: 98, endsMilliseconds: 1000)
    #expect(admit(ledger).isAllowed)
    #expect(admit(ledger).isAllowed)
    #expect(!admit(ledger).isAllowed)
    // What is told is what all have used, and nothing is counted twice.
    let told = ledger.take(max: 10)
    #expect(told.map(\.amount) == [2])
    ledger.settle([150])
    #expect(ledger.used((1, 1, 2, 3)) == 150)
  }

  @Test func `What the store has not taken is told again`() {
    let ledger = UsageLedger()
    for _ in 0..<3 { _ = admit(ledger) }
    #expect(ledger.take(max: 10).map(\.amount) == [3])
    _ = admit(ledger)
    ledger.settle(nil)
    #expect(ledger.used((1, 1, 2, 3)) == 4)
    #expect(ledger.take(max: 10).map(\.amount) == [4])
    ledger.settle([4])
    #expect(ledger.take(max: 10).isEmpty)
    #expect(ledger.used((1, 1, 2, 3)) == 4)
  }

  @Test func `More than one batch is told in several`() {
    let ledger = UsageLedger()
    for number in 0..<25 { _ = admit(ledger, UInt64(number)) }
    var counts: [Int] = []
    while true {
      let taken = ledger.take(max: 10)
      if taken.isEmpty { break }
      counts.append(taken.count)
      ledger.settle(taken.map { $0.amount })
    }
    #expect(counts == [10, 10, 5])
  }

  /// RTL-09: memory is bounded, and what is over goes; nobody is set free by a flood.
  @Test func `Callers beyond the bound are refused until a period is over`() {
    let ledger = UsageLedger()
    let perShard = UsageLedger.slotsMax / 64
    for number in 0..<perShard { #expect(admit(ledger, UInt64(number) * 64, limit: 1).isAllowed) }
    #expect(!admit(ledger, UInt64(perShard) * 64, limit: 1).isAllowed)
    #expect(!admit(ledger, 0, limit: 1).isAllowed)
    while true {
      let taken = ledger.take(max: 1000)
      if taken.isEmpty { break }
      ledger.settle(taken.map { $0.amount })
    }
    #expect(admit(ledger, UInt64(perShard) * 64, limit: 1, ends: 9000, now: 2000).isAllowed)
  }
}
