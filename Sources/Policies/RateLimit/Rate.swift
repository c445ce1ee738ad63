import Formats

/// A limit as it is written: so many in so much time.
struct Rate: Hashable {
  /// The greatest count.
  private static let countMax: UInt64 = 1_000_000_000

  let count: UInt64
  let windowSeconds: UInt64

  /// Reads `100/minute`; nil for what is no limit of seconds to days.
  init?(_ text: String) {
    guard let frequency = Frequency(text), let seconds = frequency.seconds,
      frequency.count <= Rate.countMax
    else { return nil }
    count = frequency.count
    windowSeconds = seconds
  }

  /// So many in so many seconds.
  init(count: UInt64, windowSeconds: UInt64) {
    self.count = count
    self.windowSeconds = windowSeconds
  }

  /// Stands in where a limit could not be read, so that what follows can be checked too.
  static var smallest: Rate { Rate(count: 1, windowSeconds: 1) }
}
