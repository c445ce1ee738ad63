import Base

/// Names of files that somebody sends.
public enum FileName {
  /// Why a name must not be taken as it is; nil if it may.
  public static func problem(_ name: [UInt8]) -> String? {
    if name.isEmpty { return nil }
    for byte in name {
      if byte < 0x20 || byte == 0x7F { return "a name without control characters" }
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":") {
        return "a name without folders"
      }
    }
    if name.first == UInt8(ascii: ".") || name.last == UInt8(ascii: ".") || name.last == 0x20 {
      return "a name that neither begins nor ends with a dot"
    }
    let parts = name.map(ASCII.lowercased).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    if let first = parts.first, reserved.contains(first) { return "a name that no device has" }
    // Some servers run a file by any of its ends, not the last alone.
    if parts.dropFirst().contains(where: active.contains) {
      return "a name without an end that servers run"
    }
    return nil
  }

  /// The end of a name behind its last dot, in lower case; nil if there is none.
  public static func end(_ name: [UInt8]) -> String? {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot + 1 < name.count else { return nil }
    return String(decoding: name[(dot + 1)...].map(ASCII.lowercased), as: UTF8.self)
  }

  private static let reserved: Set<String> = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3",
  ]
  private static let active: Set<String> = [
    "php", "php3", "php4", "php5", "phtml", "phar", "asp", "aspx", "jsp", "jspx", "cgi", "exe",
    "dll", "bat", "cmd", "ps1", "sh", "htaccess", "shtml", "vbs", "scr", "jar",
  ]
}
