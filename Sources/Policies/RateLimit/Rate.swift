/// A limit as it is written: so many in so much time.
struct Rate: Hashable {
  let count: UInt64
  let windowSeconds: UInt64

  /// Reads `100/minute`.
  init?(_ text: String) {
    let parts = text.split(separator: "/")
    guard parts.count == 2, let count = UInt64(parts[0]), count > 0, count <= 1_000_000_000 else {
      return nil
    }
    switch parts[1] {
    case "second": windowSeconds = 1
    case "minute": windowSeconds = 60
    case "hour": windowSeconds = 3600
    case "day": windowSeconds = 86_400
    default: return nil
    }
    self.count = count
  }

  /// So many in so many seconds.
  init(count: UInt64, windowSeconds: UInt64) {
    self.count = count
    self.windowSeconds = windowSeconds
  }

  /// Stands in where a limit could not be read, so that what follows can be checked too.
  static var smallest: Rate { Rate(count: 1, windowSeconds: 1) }
}
