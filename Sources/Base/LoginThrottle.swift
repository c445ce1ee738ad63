import Synchronization

/// Slows down whoever guesses: after some failures, each further one doubles the wait.
///
/// It counts by name and address together and by address alone, so that a stranger who guesses
/// cannot lock the owner out, and one who tries many names is slowed as well.
public final class LoginThrottle: Sendable {
  private struct Count {
    var failures = 0
    var until = 0
    var last = 0
  }

  private static let freeByName = 3
  private static let freeByAddress = 10
  private static let waitMax = 900_000
  /// After such a time without a failure, all is forgotten.
  private static let memory = 3_600_000
  /// More than so many are not remembered: those go that need not wait, or the shortest.
  private static let countMax = 8192

  private let counts = Mutex<[String: Count]>([:])

  /// Nobody has failed yet.
  public init() {}

  /// One host has a /64 of IPv6 to itself, and counts as one.
  private static func key(_ address: String) -> String {
    IPAddress(address).map { $0.limitKey.description } ?? address
  }

  /// Makes room, and keeps who has to wait longest: a stranger with many names or addresses must
  /// not be able to have his own failures forgotten.
  private static func makeRoom(_ counts: inout [String: Count], now: Int) {
    counts = counts.filter { now - $0.value.last < memory }
    guard counts.count >= countMax else { return }
    let middle = counts.values.map(\.until).sorted()[counts.count / 2]
    counts = counts.filter { $0.value.until > middle }
  }

  /// Seconds until the next try is heard; 0 if it is now.
  public func wait(name: String, address: String, now: Int) -> Int {
    let address = LoginThrottle.key(address)
    return counts.withLock { counts in
      let until = max(
        counts["n \(address) \(name)"]?.until ?? 0, counts["a \(address)"]?.until ?? 0)
      return until > now ? (until - now + 999) / 1000 : 0
    }
  }

  /// A try was wrong.
  public func failed(name: String, address: String, now: Int) {
    let address = LoginThrottle.key(address)
    counts.withLock { counts in
      if counts.count >= LoginThrottle.countMax {
        LoginThrottle.makeRoom(&counts, now: now)
      }
      for (key, free) in [
        ("n \(address) \(name)", LoginThrottle.freeByName),
        ("a \(address)", LoginThrottle.freeByAddress),
      ] {
        var count = counts[key] ?? Count()
        if now - count.last > LoginThrottle.memory { count = Count() }
        count.failures += 1
        count.last = now
        let beyond = count.failures - free
        if beyond >= 0 {
          count.until = now + min(LoginThrottle.waitMax, 1000 << min(beyond, 20))
        }
        counts[key] = count
      }
    }
  }

  /// A try was right.
  public func succeeded(name: String, address: String) {
    let address = LoginThrottle.key(address)
    counts.withLock { $0["n \(address) \(name)"] = nil }
  }
}
