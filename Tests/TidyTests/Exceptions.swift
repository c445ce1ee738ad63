/// The one list of what is excused from a rule, and why. It only shrinks.
///
/// A count is exact: a new breach in a listed file fails, and so does an exception that is no
/// longer needed.
struct Exceptions {
  struct Entry {
    let rule: String
    let path: String
    let count: Int
    let reason: String

    init(_ rule: String, _ path: String, _ count: Int = 1, because reason: String) {
      self.rule = rule
      self.path = path
      self.count = count
      self.reason = reason
    }
  }

  let entries: [Entry]

  static let current = Exceptions(entries: [
    Entry(
      "banned", "Sources/Base/ByteBuffer.swift", 2,
      because: "the base address of an array with room in it is never nil"),
    Entry(
      "banned", "Sources/Crypto/SharedHandle.swift",
      because: "OpenSSL promises that what is set up may be shared (openssl-threads(7))"),
    Entry(
      "banned", "Tests/RuntimeTests/ResolverBench.swift",
      because: "asks again and again for a condition, until a deadline"),
    Entry(
      "banned", "Sources/Runtime/Loop/Thread.swift",
      because: "the one place that waits for a time, for threads that serve nothing"),
    Entry(
      "banned", "Sources/Command/Run/RunningGateway.swift",
      because: "asks whether the loops listen, which takes about a millisecond"),
    Entry(
      "banned", "Sources/Telemetry/Logs/AccessLog.swift",
      because: "waits for its writer to end, two seconds at most"),
    Entry(
      "banned", "Tests/IntegrationTests/Support/Waiting.swift",
      because: "asks again and again for a condition, until a deadline"),
  ])

  /// What remains of `breaches` of one rule, with a breach for each entry that is too generous.
  func remaining(_ breaches: [Breach], of rule: String) -> [Breach] {
    let byPath = Dictionary(grouping: breaches, by: \.path)
    let excused = entries.filter { $0.rule == rule }
    var result = breaches.filter { breach in !excused.contains { $0.path == breach.path } }
    for entry in excused {
      let found = byPath[entry.path] ?? []
      if found.count == entry.count { continue }
      if found.count > entry.count {
        result += found
      } else {
        result.append(
          Breach(
            rule: rule, path: entry.path, line: 1,
            message: "\(entry.count) excused in Exceptions.swift, \(found.count) found: lower it"))
      }
    }
    return result.sorted()
  }
}
