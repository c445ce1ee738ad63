import Base
import Testing

@testable import Gateway

@Suite struct RetryBudgetTests {
  private func at(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: 0).adding(milliseconds: milliseconds)
  }

  // DOS-17.
  @Test func `Retries are a share of the requests`() {
    var budget = RetryBudget(percent: 10, minimumPerSecond: 0)
    for _ in 0..<100 { budget.deposit() }
    let taken = (0..<50).count { _ in budget.withdraw(now: at(5_000)) }
    #expect(taken == 10)
  }

  @Test func `A quiet service has a few each second`() {
    var budget = RetryBudget(percent: 10)
    let taken1 = (0..<10).count { _ in budget.withdraw(now: at(5_000)) }
    #expect(taken1 == 3)
    let taken2 = (0..<10).count { _ in budget.withdraw(now: at(5_999)) }
    #expect(taken2 == 0)
    let taken3 = (0..<10).count { _ in budget.withdraw(now: at(6_000)) }
    #expect(taken3 == 3)
  }

  @Test func `What is saved up has an end`() {
    var budget = RetryBudget(percent: 10, minimumPerSecond: 0)
    for _ in 0..<1_000_000 { budget.deposit() }
    let taken4 = (0..<1_000).count { _ in budget.withdraw(now: at(0)) }
    #expect(taken4 == 100)
  }

  @Test func `A budget of nothing allows no retry`() {
    var budget = RetryBudget(percent: 0)
    budget.deposit()
    let isAllowed = budget.withdraw(now: at(5_000))
    #expect(!isAllowed)
  }
}
