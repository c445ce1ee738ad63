import Blueprint
import Formats
import Synchronization
import Telemetry

/// The access log that is written, and those before it that still get their last lines.
final class AccessLogKeeper: Sendable {
  private struct State {
    var settings: AccessLogSettings?
    var current: AccessLog?
    var retired: [AccessLog] = []
    /// What logs that are gone have lost.
    var lostBefore: UInt64 = 0
  }

  private let state = Mutex(State())

  /// No log yet.
  init() {}

  /// The log that the loops write to; nil if it is off.
  var current: AccessLog? { state.withLock { $0.current } }

  /// Lines that were lost since the start.
  var droppedLines: UInt64 {
    state.withLock { state in
      state.lostBefore + state.retired.reduce(0) { $0 + $1.droppedLines }
        + (state.current?.droppedLines ?? 0)
    }
  }

  /// Opens the log that the blueprint wants, unless that is the one there is; if it cannot be had,
  /// the old one stays. A relative path is one beside the file at `path`.
  func change(to blueprint: AccessLogBlueprint, beside path: String) throws(AccessLogError) {
    let settings = AccessLogKeeper.settings(blueprint, beside: path)
    if state.withLock({ $0.settings == settings }) { return }
    let opened: AccessLog? = if let settings { try AccessLog(settings) } else { nil }
    let old = state.withLock { state -> AccessLog? in
      let old = state.current
      for log in state.retired where log.isClosed { state.lostBefore += log.droppedLines }
      state.retired.removeAll { $0.isClosed }
      if let old { state.retired.append(old) }
      (state.settings, state.current) = (settings, opened)
      return old
    }
    // It ends once no loop writes to it any more.
    old?.retire()
  }

  /// Opens the file by its name again.
  func reopen() { current?.reopen() }

  /// Writes what waits, in all of them.
  func close() {
    for log in state.withLock({ $0.retired }) { log.close() }
    current?.close()
  }

  private static func settings(
    _ blueprint: AccessLogBlueprint, beside path: String
  ) -> AccessLogSettings? {
    let format: AccessLogSettings.Format =
      switch blueprint.format {
      case .json: .json
      case .common: .common
      case .combined: .combined
      }
    let target: String?
    switch blueprint.target {
    case .off: return nil
    case .standardOutput: target = nil
    case .file(let text): target = Folder(of: path).path(text.string)
    }
    return AccessLogSettings(
      path: target, format: format, rotateBytes: blueprint.rotation?.sizeBytes,
      rotateAgeSeconds: blueprint.rotation?.ageMilliseconds.map { $0 / 1000 },
      keep: blueprint.rotation?.keep ?? 7, mask: blueprint.mask)
  }
}
