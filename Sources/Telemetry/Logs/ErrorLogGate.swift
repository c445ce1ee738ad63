/// Which messages the error log lets through: by severity, each not too often, and not too many.
///
/// What repeats is written at once, then after a second, after two more, and so on up to once a
/// minute, each time with how often it came meanwhile. After two minutes without it, it is new.
struct ErrorLogGate {
  /// What becomes of a message.
  enum Decision: Equatable {
    case write(times: Int, heldBack: Int)
    case hold
  }

  /// A message that came more than once, of late.
  struct Repeat {
    var level: ErrorLog.Level
    var message: String
    /// How often it came since it was written.
    var held = 0
    var pauseMilliseconds: UInt64
    var lastWritten: UInt64

    var isDueAt: UInt64 { lastWritten &+ pauseMilliseconds }
  }

  /// So many messages go through in a second altogether.
  static let messagesPerSecondMax = 100
  private static let rememberedMax = 64
  private static let shortestPause: UInt64 = 1000
  private static let longestPause: UInt64 = 60_000
  private static let forgottenAfter = 2 * longestPause

  private var second: UInt64 = 0
  private var admitted = 0
  /// Messages held back for there were too many of all kinds, or since nobody took them.
  private var flooded = 0
  private var recent: [Repeat] = []

  init() {}

  /// Whether to write `message`: with how often it came since it was written last, and how many
  /// others were held back in a flood meanwhile.
  mutating func admit(
    _ level: ErrorLog.Level, _ message: String, wallMilliseconds now: UInt64
  ) -> Decision {
    if let place = recent.firstIndex(where: { $0.message == message }) {
      // A clock that was set back must not silence a message for long.
      if recent[place].lastWritten > now { recent[place].lastWritten = now }
      if now < recent[place].isDueAt {
        recent[place].held += 1
        return .hold
      }
      guard mayPass(now) else { return .hold }
      return .write(times: written(at: place, now), heldBack: takeFlooded())
    }
    guard mayPass(now) else { return .hold }
    remember(
      Repeat(
        level: level, message: message, pauseMilliseconds: ErrorLogGate.shortestPause,
        lastWritten: now))
    return .write(times: 0, heldBack: takeFlooded())
  }

  /// Messages that came again and whose pause is over; all of them `atEnd`.
  mutating func settle(
    wallMilliseconds now: UInt64, atEnd: Bool = false
  ) -> [(level: ErrorLog.Level, message: String, times: Int)] {
    var due: [(level: ErrorLog.Level, message: String, times: Int)] = []
    for place in recent.indices where recent[place].held > 0 {
      if !atEnd, now < recent[place].isDueAt { continue }
      let (level, message) = (recent[place].level, recent[place].message)
      due.append((level, message, written(at: place, now)))
    }
    recent.removeAll { now &- $0.lastWritten >= ErrorLogGate.forgottenAfter }
    return due
  }

  /// Counts a message that was let through and that nobody took.
  mutating func lost() { flooded += 1 }

  /// Notes that a message is written; tells how often it came since the last time.
  private mutating func written(at place: Int, _ now: UInt64) -> Int {
    defer { recent[place].held = 0 }
    let isNew = now &- recent[place].lastWritten >= ErrorLogGate.forgottenAfter
    recent[place].lastWritten = now
    recent[place].pauseMilliseconds =
      isNew
      ? ErrorLogGate.shortestPause
      : min(2 * recent[place].pauseMilliseconds, ErrorLogGate.longestPause)
    return recent[place].held
  }

  private mutating func mayPass(_ now: UInt64) -> Bool {
    if now / 1000 != second { (second, admitted) = (now / 1000, 0) }
    if admitted == ErrorLogGate.messagesPerSecondMax {
      flooded += 1
      return false
    }
    admitted += 1
    return true
  }

  private mutating func takeFlooded() -> Int {
    defer { flooded = 0 }
    return flooded
  }

  /// Keeps a message in mind, in place of the one that was written longest ago.
  private mutating func remember(_ message: Repeat) {
    if recent.count == ErrorLogGate.rememberedMax {
      let oldest = recent.indices.min { recent[$0].lastWritten < recent[$1].lastWritten }
      if let oldest {
        flooded += recent[oldest].held
        recent.remove(at: oldest)
      }
    }
    recent.append(message)
  }
}
