import CLinux

/// The operator's messages, one a line on standard error.
public enum ErrorLog {
  /// Something failed, and somebody has to look.
  public static func error(_ message: String) { write("error", message) }
  /// Something is not as it should be, and the gateway goes on.
  public static func warning(_ message: String) { write("warning", message) }
  /// Something that operators want to know.
  public static func notice(_ message: String) { write("notice", message) }

  private static func write(_ level: String, _ message: String) {
    var line = Array("gatehouse: \(level): ".utf8)
    for byte in message.utf8 { line.append(byte < 0x20 || byte == 0x7F ? 0x3F : byte) }
    line.append(0x0A)
    // Safety: the array stands still for the call; a failing standard error is nobody's to mend.
    _ = unsafe line.withUnsafeBytes { unsafe CLinux.write(2, $0.baseAddress, $0.count) }
  }
}
