import Base

/// Takes an upstream out of the choice after failures in a row, for a time that doubles.
struct Ejection {
  /// Failures in a row that count as an outage.
  private static let failuresMax = 3
  private static let firstMilliseconds = 1000
  private static let lastMilliseconds = 30_000

  private var failures = 0
  private var milliseconds = Ejection.firstMilliseconds
  private var until = Instant(nanoseconds: 0)

  func isAvailable(now: Instant) -> Bool { now >= until }

  mutating func succeeded() {
    failures = 0
    milliseconds = Ejection.firstMilliseconds
  }

  mutating func failed(now: Instant) {
    failures += 1
    if failures < Ejection.failuresMax || now < until { return }
    until = now.adding(milliseconds: milliseconds)
    milliseconds = min(milliseconds * 2, Ejection.lastMilliseconds)
  }
}
