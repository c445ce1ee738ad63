import Formats

/// How old something signed may be, and by how much clocks may differ.
struct ClockWindow: Sendable {
  private let ageSeconds: Int
  private let leewaySeconds: Int

  /// Reads `max-age` and `leeway`.
  init(_ settings: inout Settings) {
    ageSeconds = (settings.duration("max-age", in: 1000...3_600_000) ?? 300_000) / 1000
    leewaySeconds = (settings.duration("leeway", in: 0...60_000) ?? 30_000) / 1000
  }

  /// How long the same has to be told apart from something new, in milliseconds.
  var lifetimeMilliseconds: UInt64 { UInt64(ageSeconds + 2 * leewaySeconds + 1) * 1000 }

  /// Whether a time, in seconds since 1970, is neither too long ago nor in the future.
  func holds(_ seconds: Int, now: UInt64) -> Bool {
    guard seconds >= 0 else { return false }
    let now = Int(clamping: now)
    return seconds <= now + leewaySeconds && seconds + ageSeconds + leewaySeconds >= now
  }
}
