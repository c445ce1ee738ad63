import Base
import CLinux
import Synchronization

/// The operator's messages, one a line on standard error: time, severity, message.
///
/// Any thread may write, and none ever waits: what standard error does not take at once is held
/// back, as is what is below the level, and what repeats within a while; a line says how many were.
/// There is one standard error in a process, and one level.
public enum ErrorLog {
  /// How much a message matters; the words of `logging.error.level`.
  public enum Level: UInt8, CaseIterable, Comparable, Sendable {
    case debug, info, notice, warning, error

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// Longest message, in bytes; with time and severity a line stays within one write to a pipe.
  static let messageBytesMax = 2048

  private static let gate = Mutex(ErrorLogGate())
  private static let least = Atomic<UInt8>(Level.info.rawValue)
  private static let counters: InlineArray<5, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }

  /// Sets the least severity that is written; `info` until then.
  public static func setLevel(_ level: Level) { least.store(level.rawValue, ordering: .relaxed) }

  /// Something failed, and somebody has to look.
  public static func error(_ message: @autoclosure () -> String) { write(.error, message) }
  /// Something is not as it should be, and the gateway goes on.
  public static func warning(_ message: @autoclosure () -> String) { write(.warning, message) }
  /// Something that operators want to know.
  public static func notice(_ message: @autoclosure () -> String) { write(.notice, message) }
  /// What the gateway does, in the ordinary course of things.
  public static func info(_ message: @autoclosure () -> String) { write(.info, message) }
  /// What only somebody wants to know who looks for a fault.
  public static func debug(_ message: @autoclosure () -> String) { write(.debug, message) }

  /// Writes how often messages were repeated that have not come since; called now and then, and
  /// with `atEnd` before the process ends.
  public static func settle(atEnd: Bool = false) {
    let now = wallMilliseconds()
    gate.withLock { gate in
      for (level, message, times) in gate.settle(wallMilliseconds: now, atEnd: atEnd) {
        let line = line(level, message, times: times, isAgain: false, wallMilliseconds: now)
        if !put(line) { gate.lost() }
      }
    }
  }

  /// How many messages of each severity there were, those held back for their number included.
  static var counts: [(level: Level, count: UInt64)] {
    Level.allCases.map { ($0, counters[Int($0.rawValue)].load(ordering: .relaxed)) }
  }

  private static func write(_ level: Level, _ text: () -> String) {
    if level.rawValue < least.load(ordering: .relaxed) { return }
    counters[Int(level.rawValue)].add(1, ordering: .relaxed)
    let (message, now) = (text(), wallMilliseconds())
    gate.withLock { gate in
      guard
        case .write(let times, let heldBack) = gate.admit(level, message, wallMilliseconds: now)
      else { return }
      let line = line(level, message, times: times, heldBack: heldBack, wallMilliseconds: now)
      if !put(line) { gate.lost() }
    }
  }

  /// Writes a line if that can be done without waiting; under the lock, so that nobody else of this
  /// process takes the room that was found.
  private static func put(_ line: [UInt8]) -> Bool {
    var ready = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
    // Safety: the structure lives for the call.
    guard unsafe poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return false }
    // Safety: the array stands still for the call; a failing standard error is nobody's to mend.
    return unsafe line.withUnsafeBytes { unsafe CLinux.write(2, $0.baseAddress, $0.count) } > 0
  }

  /// The line with its end.
  static func line(
    _ level: Level, _ message: String, times: Int = 0, isAgain: Bool = true, heldBack: Int = 0,
    wallMilliseconds: UInt64
  ) -> [UInt8] {
    var line = ByteBuffer(capacity: 256)
    var clock = LogClock(isCommon: false)
    line.write(atMost: 32) { clock.append(wallMilliseconds, to: &$0) }
    line.append(utf8: " \(level) ")
    append(message, to: &line)
    if times > 0 {
      line.append(utf8: isAgain ? " (and \(times) more before)" : " (\(times) more)")
    }
    if heldBack > 0 { line.append(utf8: " (\(heldBack) messages held back)") }
    line.append(UInt8(ascii: "\n"))
    return Array(line.storage[..<line.writeIndex])
  }

  /// Appends text that may hold what others chose, so that it stays within its line and shows as
  /// what it is: no controls, no change of direction, nothing invisible.
  private static func append(_ message: String, to line: inout ByteBuffer) {
    let start = line.count
    for scalar in message.unicodeScalars {
      if line.count - start >= messageBytesMax { return line.append(utf8: "…") }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        line.append(utf8: "\\u{\(String(scalar.value, radix: 16))}")
      default: line.append(utf8: String(scalar))
      }
    }
  }

  private static func wallMilliseconds() -> UInt64 {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
