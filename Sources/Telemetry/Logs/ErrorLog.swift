import Base
import CLinux
import Synchronization

/// The operator's messages, one a line on standard error: time, severity, message.
///
/// Any thread may write. What is below the level set is left out, and so is what repeats within a
/// second; a line says how many were. There is one standard error in a process, and one level.
public enum ErrorLog {
  /// How much a message matters; the words of `logging.error.level`.
  public enum Level: UInt8, CaseIterable, Comparable, Sendable {
    case debug, info, notice, warning, error

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// Longest message, in bytes; with time and severity a line stays within one write to a pipe.
  static let messageBytesMax = 2048

  private static let gate = Mutex(ErrorLogGate())

  /// Sets the least severity that is written; `info` until then.
  public static func setLevel(_ level: Level) { gate.withLock { $0.least = level } }

  /// Something failed, and somebody has to look.
  public static func error(_ message: String) { write(.error, message) }
  /// Something is not as it should be, and the gateway goes on.
  public static func warning(_ message: String) { write(.warning, message) }
  /// Something that operators want to know.
  public static func notice(_ message: String) { write(.notice, message) }
  /// What the gateway does, in the ordinary course of things.
  public static func info(_ message: String) { write(.info, message) }
  /// What only somebody wants to know who looks for a fault.
  public static func debug(_ message: String) { write(.debug, message) }

  private static func write(_ level: Level, _ message: String) {
    let now = wallMilliseconds()
    let heldBack = gate.withLock { $0.admit(level, message, wallMilliseconds: now) }
    guard let heldBack else { return }
    let line = ErrorLog.line(level, message, heldBack: heldBack, wallMilliseconds: now)
    // Safety: the array stands still for the call; a failing standard error is nobody's to mend.
    _ = unsafe line.withUnsafeBytes { unsafe CLinux.write(2, $0.baseAddress, $0.count) }
  }

  /// The line with its end.
  static func line(
    _ level: Level, _ message: String, heldBack: Int, wallMilliseconds: UInt64
  ) -> [UInt8] {
    var line = ByteBuffer(capacity: 256)
    var clock = LogClock(isCommon: false)
    clock.append(wallMilliseconds, to: &line)
    line.append(utf8: " \(level) ")
    append(message, to: &line)
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
