import Base

/// Bounds retries to a share of the requests, so that they cannot multiply an overload.
///
/// Each request pays in its share of an attempt, each retry takes out a whole one. A few retries
/// a second are there in any case, or a quiet service would have none.
struct RetryBudget {
  /// Requests whose shares are kept at most: what a burst of retries can use up.
  static let requestsKeptMax = 1_000

  private let percent: Int
  private let minimumPerSecond: Int
  /// In hundredths of an attempt.
  private var balance = 0
  private var secondBegan = Instant(nanoseconds: 0)
  private var takenInSecond = 0

  /// A budget of `percent` retries for a hundred requests; with 0 there is no retry at all.
  init(percent: Int, minimumPerSecond: Int = 3) {
    self.percent = min(max(percent, 0), 1_000)
    self.minimumPerSecond = percent > 0 ? max(minimumPerSecond, 0) : 0
  }

  /// Pays in for a request.
  mutating func deposit() {
    balance = min(balance + percent, percent * Self.requestsKeptMax)
  }

  /// Takes out a retry; false if there is none left.
  mutating func withdraw(now: Instant) -> Bool {
    if balance >= 100 {
      balance -= 100
      return true
    }
    if now.since(secondBegan) >= 1_000_000_000 {
      secondBegan = now
      takenInSecond = 0
    }
    guard takenInSecond < minimumPerSecond else { return false }
    takenInSecond += 1
    return true
  }
}
