import Base
import Formats
import PolicyKit

/// How often something may fail, and how often it has.
struct FailureCount: Sendable {
  /// Of so many things failures are counted; a flood beyond bans nobody who shares the last count.
  private static let keysMax = 65_536

  /// As it was written.
  let text: String
  private let table: LimitTable

  /// Reads the setting `key`; what it cannot be is reported.
  init(
    _ key: String, _ standard: String, _ settings: inout Settings, _ retained: RetainedState,
    _ place: String
  ) {
    let text = settings.string(key) ?? standard
    let read = Rate(text)
    if read == nil {
      settings.error(
        "'\(text)' is no limit", expected: "such as 20/minute", at: settings.position(of: key))
    }
    let rate = read ?? .smallest
    self.text = text
    table = retained.object("abuse-limit \(key) \(text) \(place)") {
      LimitTable(
        rate: rate, burst: rate.count, algorithm: .gcra, keysMax: FailureCount.keysMax)
    }
  }

  /// Counts a failure; whether it is one too many. Then counting begins anew.
  func isOver(_ key: LimitKey, now: Instant) -> Bool {
    let decision = table.admit(key, now: now)
    if decision.isAllowed || decision.isOverflow { return false }
    table.reset(key, now: now)
    return true
  }

  /// The key of a name.
  static func key(_ name: String) -> LimitKey {
    var first = Hasher()
    first.combine(name)
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }
}
