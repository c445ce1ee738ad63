import Base

/// Gives an upstream that has come back its share little by little: caches are cold, and a full
/// load at once is how what has just risen falls again.
struct SlowStart {
  /// What it begins with, in hundredths.
  static let firstShare = 10

  /// Since when it is back; nil while it has all of its share.
  private var since: Instant?
  /// The return that was dealt with last.
  private var last = Instant(nanoseconds: 0)

  /// Notes that it came back at a moment; the same moment counts once.
  mutating func began(_ moment: Instant) {
    if moment <= last { return }
    (last, since) = (moment, moment)
  }

  /// Its share at the moment, in hundredths; nil if nothing changes any more.
  mutating func share(within milliseconds: Int, now: Instant) -> Int? {
    guard let began = since else { return nil }
    let passed = Int(now.since(began) / 1_000_000)
    if passed >= milliseconds {
      since = nil
      return 100
    }
    return SlowStart.firstShare + (100 - SlowStart.firstShare) * passed / milliseconds
  }
}
