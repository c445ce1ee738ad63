/// Reads and writes amounts with a unit: durations and sizes.
public enum Quantity {
  /// What came of reading an amount.
  public enum Reading: Hashable, Sendable {
    case value(Int)
    /// A number alone, where a unit is needed.
    case noUnit
    /// No amount, or one that is too large.
    case invalid
  }

  /// The longest duration, in milliseconds: ten years, which keeps sums of deadlines in range.
  public static let durationMax = 3650 * 86_400_000

  private static let durations: [(unit: String, factor: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  private static let sizes: [(unit: String, factor: Int)] = [
    ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000),
    ("MB", 1_000_000), ("kB", 1000), ("KB", 1000), ("B", 1), ("", 1),
  ]

  /// The milliseconds in `text`: a whole number and `ms`, `s`, `m`, `h` or `d`, or `0`.
  public static func milliseconds(_ text: String) -> Reading {
    if text == "0" { return .value(0) }
    let reading = read(text, durations)
    if case .value(let value) = reading, value > durationMax { return .invalid }
    return reading
  }

  /// The bytes in `text`: a whole number, alone or with `kB`, `KiB`, `MB`, `MiB`, `GB` or `GiB`.
  public static func bytes(_ text: String) -> Reading { read(text, sizes) }

  private static func read(_ text: String, _ units: [(unit: String, factor: Int)]) -> Reading {
    let digits = text.utf8.prefix { $0 &- 0x30 < 10 }.count
    guard digits > 0, digits <= 18, let number = Int(text.prefix(digits)) else { return .invalid }
    let unit = text.dropFirst(digits)
    guard let factor = units.first(where: { $0.unit == unit })?.factor else {
      return unit.isEmpty ? .noUnit : .invalid
    }
    let (value, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? .invalid : .value(value)
  }

  /// `milliseconds` with the largest unit that divides it.
  public static func duration(_ milliseconds: Int) -> String {
    write(milliseconds, durations) ?? "0s"
  }

  /// `bytes` with the largest binary unit that divides it.
  public static func size(_ bytes: Int) -> String { write(bytes, Array(sizes[..<3])) ?? "\(bytes)" }

  private static func write(_ value: Int, _ units: [(unit: String, factor: Int)]) -> String? {
    guard value > 0, let fit = units.first(where: { value % $0.factor == 0 }) else { return nil }
    return "\(value / fit.factor)\(fit.unit)"
  }
}
