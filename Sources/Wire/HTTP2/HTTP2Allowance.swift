import Base

/// What a peer may still ask for without bringing anything forward: grows with time and with work
/// that is done, and shrinks with each frame that is none (CVE-2019-9511 to 9518, CVE-2023-44487,
/// CVE-2025-8671).
struct HTTP2Allowance: Sendable {
  private let most: Int
  private let perSecond: Int
  private var left: Int
  private var updated = Instant(nanoseconds: 0)

  init(most: Int, perSecond: Int) {
    self.most = most
    self.perSecond = perSecond
    left = most
  }

  /// Whether more was taken than there was.
  var isOverdrawn: Bool { left < 0 }

  mutating func take(_ count: Int) { left -= count }

  /// Gives back for work that was done.
  mutating func earn(_ count: Int) { left = min(most, left + count) }

  /// Gives back for time that went by.
  mutating func refill(now: Instant) {
    if left >= most {
      updated = now
      return
    }
    let gained = Int(now.since(updated)) / 1_000_000 * perSecond / 1000
    if gained <= 0 { return }
    updated = now
    left = min(most, left + gained)
  }
}
