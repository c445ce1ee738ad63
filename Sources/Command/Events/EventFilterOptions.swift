import Base
import Events
import Formats
import Telemetry

/// The options that say which events are looked for.
struct EventFilterOptions {
  static let all = [
    Option("--since", "TIME", "from this time on"),
    Option("--until", "TIME", "until this time"),
    Option("--status", "STATUS", "404, 4xx or 400-499", isRepeatable: true),
    Option("--outcome", "WORD", "ok, refused or failed"),
    Option("--client", "ADDRESS", "an address, or a block such as 10.0.0.0/8"),
    Option("--path", "PREFIX", "how the path begins"),
    Option("--consumer", "NAME", "who called"),
    Option("--route", "NAME", "the route"),
    Option("--service", "NAME", "the service"),
    Option("--policy", "NAME", "the policy that refused, or the detector"),
    Option("--method", "METHOD", "the method"),
    Option("--host", "HOST", "the host that was asked for"),
    Option("--request-id", "ID", "the name of the request"),
    Option("--trace", "ID", "the trace, 32 hexadecimal digits"),
    Option("--kind", "KIND", "exchange, turned-away or finding"),
  ]

  private static let texts: [(option: String, text: EventText)] = [
    ("--consumer", .consumer), ("--route", .route), ("--service", .service),
    ("--policy", .policy), ("--method", .method), ("--host", .host),
  ]

  private var fixed = EventFilter()
  private let since, until: String?

  init(_ arguments: Arguments) throws(UsageError) {
    since = arguments.value("--since")
    until = arguments.value("--until")
    for time in [since, until] {
      if let time, EventFilterOptions.time(time, now: 1 << 50) == nil {
        throw UsageError("'\(time)' is no time: 2026-01-31T12:00:00Z, or 15m, 2h, 3d")
      }
    }
    for word in arguments.all("--status") {
      guard let range = EventFilterOptions.statuses(word) else {
        throw UsageError("--status must be such as 404, 4xx or 400-499")
      }
      fixed.statuses.append(range)
    }
    if let word = arguments.value("--outcome") {
      guard let outcome = EventFilter.Outcome(rawValue: word) else {
        throw UsageError("--outcome must be ok, refused or failed")
      }
      fixed.outcome = outcome
    }
    if let word = arguments.value("--client") {
      guard let block = AddressBlock(word) else {
        throw UsageError("--client must be an address or a block of addresses")
      }
      fixed.client = block
    }
    if let word = arguments.value("--path") { fixed.pathPrefix = Array(word.utf8) }
    for (option, text) in EventFilterOptions.texts {
      if let word = arguments.value(option) { fixed.texts.append((text, Array(word.utf8))) }
    }
    if let word = arguments.value("--request-id") { fixed.requestID = Array(word.utf8) }
    if let word = arguments.value("--trace") {
      guard word.utf8.count == 32, let high = UInt64(word.prefix(16), radix: 16),
        let low = UInt64(word.suffix(16), radix: 16)
      else { throw UsageError("--trace must be 32 hexadecimal digits") }
      fixed.trace = (high, low)
    }
    if let word = arguments.value("--kind") {
      guard let kind = EventKind.allCases.first(where: { "\($0.name)" == word }) else {
        throw UsageError("--kind must be exchange, turned-away or finding")
      }
      fixed.kind = kind
    }
  }

  /// The filter, with times that count from now.
  func filter(now: UInt64) -> EventFilter {
    var filter = fixed
    if let since { filter.since = EventFilterOptions.time(since, now: now) ?? 0 }
    if let until { filter.until = EventFilterOptions.time(until, now: now) ?? .max }
    return filter
  }

  /// A time, or how long ago, in milliseconds since 1970.
  static func time(_ text: String, now: UInt64) -> UInt64? {
    if let absolute = Timestamp.milliseconds(text) { return UInt64(absolute) }
    guard let unit = text.last, let number = UInt64(text.dropLast()), number < 1_000_000 else {
      return nil
    }
    let units: [Character: UInt64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let milliseconds = units[unit] else { return nil }
    return now > number * milliseconds ? now - number * milliseconds : 0
  }

  private static func statuses(_ word: String) -> ClosedRange<Int>? {
    if word.hasSuffix("xx"), let digit = Int(word.dropLast(2)), (0...9).contains(digit) {
      return digit * 100...digit * 100 + 99
    }
    let parts = word.split(separator: "-").compactMap { Int($0) }
    guard let first = parts.first, let last = parts.last, parts.count <= 2, first <= last,
      first >= 0, word.utf8.allSatisfy({ $0 == 0x2D || ASCII.isDigit($0) })
    else { return nil }
    return first...last
  }
}
