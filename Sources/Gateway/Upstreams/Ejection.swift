import Base

/// Keeps an upstream out for a while when it fails several times in a row.
///
/// Passive: judged by the exchanges that clients asked for. The first time lasts a second, each
/// further one twice as long, up to half a minute; an answer puts everything back. When it returns,
/// one exchange at a time shows whether it is well: the others of that moment would hang with it.
struct Ejection {
  /// Failures in a row that eject an upstream.
  static let failuresMax = 5
  static let shortestMilliseconds = 1_000
  static let longestMilliseconds = 30_000

  /// When it is used again; in the past while it is not ejected.
  private(set) var returnsAt = Instant(nanoseconds: 0)
  private var failures = 0
  /// Whether an exchange is under way that shows whether the upstream is well again.
  private var isOnTrial = false
  private var nextMilliseconds = Self.shortestMilliseconds

  init() {}

  /// Whether it was kept out, and has not answered since.
  var hasEjected: Bool { nextMilliseconds > Self.shortestMilliseconds }

  func isAvailable(now: Instant) -> Bool { now >= returnsAt && !isOnTrial }

  /// Notes that an exchange goes to the upstream.
  mutating func chosen(now: Instant) {
    if hasEjected, now >= returnsAt { isOnTrial = true }
  }

  /// Notes that an exchange has ended, whatever it said of the upstream.
  mutating func ended() { isOnTrial = false }

  /// Counts an answer that says the upstream is well.
  mutating func succeeded() { self = Ejection() }

  /// Counts a refused connection, or an answer that was none; tells for how long the upstream is
  /// kept out now, in milliseconds, or nil if nothing changes.
  @discardableResult
  mutating func failed(now: Instant) -> Int? {
    // Attempts that began before the ejection still fail after it; they say nothing new.
    guard now >= returnsAt else { return nil }
    isOnTrial = false
    failures += 1
    guard failures >= Self.failuresMax else { return nil }
    // One failure after its return ejects it again: it has shown nothing in between.
    failures = Self.failuresMax - 1
    returnsAt = now.adding(milliseconds: nextMilliseconds)
    defer { nextMilliseconds = min(nextMilliseconds * 2, Self.longestMilliseconds) }
    return nextMilliseconds
  }

  /// Of ejected upstreams that are not in `excluding`, the one that returns soonest.
  ///
  /// For when all are ejected: an attempt that may fail is better than an answer that has.
  static func soonest(_ ejections: borrowing [Ejection], excluding: UInt64) -> Int? {
    var best: Int?
    for index in ejections.indices where excluding >> UInt64(index & 63) & 1 == 0 {
      if let found = best, ejections[found].returnsAt <= ejections[index].returnsAt { continue }
      best = index
    }
    return best
  }
}
