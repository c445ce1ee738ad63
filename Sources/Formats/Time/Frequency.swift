/// So many in so much time, as it is written: `100/minute`.
public struct Frequency: Hashable, Sendable {
  /// The time.
  public enum Unit: String, CaseIterable, Sendable {
    case second, minute, hour, day, week, month
  }

  /// The greatest count.
  public static let countMax: UInt64 = 1_000_000_000_000

  /// How many.
  public let count: UInt64
  /// In how much time.
  public let unit: Unit

  /// Reads such a text; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = UInt64(parts[0]), count > 0,
      count <= Frequency.countMax, let unit = Unit(rawValue: String(parts[1]))
    else { return nil }
    self.count = count
    self.unit = unit
  }

  /// The seconds of the unit; nil for those that the calendar makes long or short.
  public var seconds: UInt64? {
    switch unit {
    case .second: 1
    case .minute: 60
    case .hour: 3600
    case .day: 86_400
    case .week, .month: nil
    }
  }
}
