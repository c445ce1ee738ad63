import Base
public import Blueprint
import Synchronization

/// All alerts: makes one of many findings, tells what is news, and closes what has ended.
///
/// It holds so many and no more. When there are more alerts than that at once, or more of one
/// detector within ten minutes than anybody can look at, those beyond are counted and not made.
public final class AlertBook: Sendable {
  /// Alerts that are open at a time.
  public static let openMax = 1024
  /// Alerts that are kept once they are closed.
  public static let closedMax = 1024
  /// New alerts of one detector within ten minutes.
  public static let newMax = 50
  private static let newWindow: UInt64 = 600_000

  private struct Name: Hashable {
    var detector: DetectorName
    var key: UInt64
  }

  private struct State {
    var open: [Name: Alert] = [:]
    var told: [Name: UInt64] = [:]
    var closed: [Alert] = []
    var news: [Alert] = []
    var made: [DetectorName: RecentCount] = [:]
    /// Findings that made no alert, since there were too many.
    var overflow: UInt64 = 0
    var settings: AlertsBlueprint
    var lastSettled: UInt64 = 0
  }

  private let state: Mutex<State>
  /// How many are open, to be asked without the lock: nearly always there is none.
  private let openCount = Atomic<Int>(0)

  /// No alerts.
  public init(_ settings: AlertsBlueprint = AlertsBlueprint()) {
    state = Mutex(State(settings: settings))
  }

  /// Takes other settings from now on.
  public func adopt(_ settings: AlertsBlueprint) { state.withLock { $0.settings = settings } }

  /// Whether there is an open alert of a detector about something.
  func isOpen(_ detector: DetectorName, _ key: UInt64) -> Bool {
    if openCount.load(ordering: .relaxed) == 0 { return false }
    return state.withLock { $0.open[Name(detector: detector, key: key)] != nil }
  }

  /// Counts a finding that is known, and tells whether it is news: a new one, or one of an alert
  /// that was not told for long.
  func touch(_ detector: DetectorName, _ key: UInt64, at now: UInt64) -> Bool {
    if openCount.load(ordering: .relaxed) == 0 { return true }
    return state.withLock { state in
      let name = Name(detector: detector, key: key)
      guard state.open[name] != nil else { return true }
      let isDue =
        now >= (state.told[name] ?? 0) &+ UInt64(state.settings.repeatMilliseconds)
      if isDue { return true }
      state.open[name]?.count += 1
      state.open[name]?.suppressed += 1
      state.open[name]?.lastMilliseconds = now
      return false
    }
  }

  /// Takes what is news: makes an alert of it, or adds it to the one there is.
  func put(_ alert: Alert, key: UInt64) {
    state.withLock { state in
      let name = Name(detector: alert.detector, key: key)
      if var known = state.open[name] {
        known.state = .ongoing
        known.count += 1
        known.lastMilliseconds = alert.lastMilliseconds
        known.figures = alert.figures
        AlertBook.add(alert.samples, to: &known)
        state.open[name] = known
        state.told[name] = alert.lastMilliseconds
        return AlertBook.tell(known, &state)
      }
      let made = state.made[alert.detector, default: RecentCount()]
        .value(at: alert.lastMilliseconds, window: AlertBook.newWindow)
      guard state.open.count < AlertBook.openMax, made < UInt64(AlertBook.newMax) else {
        state.overflow += 1
        return
      }
      state.made[alert.detector, default: RecentCount()]
        .add(at: alert.lastMilliseconds, window: AlertBook.newWindow)
      state.open[name] = alert
      state.told[name] = alert.lastMilliseconds
      openCount.store(state.open.count, ordering: .relaxed)
      AlertBook.tell(alert, &state)
    }
  }

  /// Adds a request to an open alert, while it has few.
  func add(sample: String, to detector: DetectorName, _ key: UInt64) {
    state.withLock { state in
      let name = Name(detector: detector, key: key)
      guard var known = state.open[name] else { return }
      AlertBook.add([sample], to: &known)
      state.open[name] = known
    }
  }

  /// Notes what was done about an alert.
  public func note(_ response: String, on id: String) {
    state.withLock { state in
      for name in state.open.keys where state.open[name]?.id == id {
        state.open[name]?.responses.append(response)
      }
    }
  }

  /// Closes what nothing more was seen of for a while.
  func settle(at now: UInt64) {
    state.withLock { state in
      // Once a second of the stream is enough.
      if now < state.lastSettled &+ 1000 { return }
      state.lastSettled = now
      let quiet = UInt64(state.settings.closeAfterMilliseconds)
      for (name, alert) in state.open where now >= alert.lastMilliseconds &+ quiet {
        var ended = alert
        ended.state = .closed
        state.open[name] = nil
        state.told[name] = nil
        if state.closed.count >= AlertBook.closedMax {
          state.closed.removeFirst(AlertBook.closedMax / 4)
        }
        state.closed.append(ended)
        AlertBook.tell(ended, &state)
      }
      openCount.store(state.open.count, ordering: .relaxed)
    }
  }

  /// What is to be told, and is not taken yet; the caller tells it.
  public func takeNews() -> [Alert] {
    state.withLock { state in
      if state.news.isEmpty { return [] }
      defer { state.news = [] }
      return state.news
    }
  }

  /// All alerts that are known, the latest first.
  public var all: [Alert] {
    state.withLock { Array($0.open.values) + $0.closed }
      .sorted { ($0.lastMilliseconds, $0.id) > ($1.lastMilliseconds, $1.id) }
  }

  /// One alert by what it is called.
  public func alert(_ id: String) -> Alert? { all.first { $0.id == id } }

  /// Findings that made no alert, since there were too many.
  public var overflow: UInt64 { state.withLock { $0.overflow } }

  private static func add(_ samples: [String], to alert: inout Alert) {
    for sample in samples where alert.samples.count < Alert.samplesMax {
      alert.samples.append(sample)
    }
  }

  private static func tell(_ alert: Alert, _ state: inout State) {
    guard alert.severity >= state.settings.least, state.news.count < openMax else { return }
    state.news.append(alert)
  }
}
