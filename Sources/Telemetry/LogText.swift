import Base

/// Writes text that others chose into log lines, so that it stays data (CWE-117).
enum LogText {
  /// Appends `bytes` as the inside of a JSON string, `max` of them at most.
  ///
  /// Control characters, DEL and everything outside ASCII are escaped byte by byte: a field value
  /// is octets, and no terminal gets to see an escape sequence or a change of direction.
  static func json(_ bytes: Span<UInt8>, max: Int, into line: inout ByteBuffer) {
    for index in 0..<min(bytes.count, max) {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        line.append("\\\"")
      case UInt8(ascii: "\\"):
        line.append("\\\\")
      case 0x20..<0x7F:
        line.append(byte)
      default:
        line.append("\\u00")
        line.append(digit(byte >> 4))
        line.append(digit(byte & 15))
      }
    }
  }

  /// Appends `bytes` for the Common and Combined formats: what is not plain as `\xHH`.
  static func common(_ bytes: Span<UInt8>, max: Int, into line: inout ByteBuffer) {
    for index in 0..<min(bytes.count, max) {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        line.append(byte)
      } else {
        line.append("\\x")
        line.append(digit(byte >> 4))
        line.append(digit(byte & 15))
      }
    }
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x57) }

  /// Appends a query with the values of secret keys masked.
  static func query(_ bytes: Span<UInt8>, max: Int, into line: inout ByteBuffer) {
    var start = 0
    while start < bytes.count, start < max {
      var end = start
      var equals = -1
      while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
        if equals < 0, bytes[end] == UInt8(ascii: "=") { equals = end }
        end += 1
      }
      if start > 0 { line.append(UInt8(ascii: "&")) }
      if equals >= 0, isSecret(bytes.extracting(start..<equals)) {
        json(bytes.extracting(start..<equals), max: max, into: &line)
        line.append("=***")
      } else {
        json(bytes.extracting(start..<end), max: max, into: &line)
      }
      start = end + 1
    }
  }

  /// Whether a parameter's name says that its value is a secret.
  private static func isSecret(_ name: Span<UInt8>) -> Bool {
    for word in ["key", "token", "secret", "password", "passwd", "code", "sig", "auth", "session"]
      as [StaticString]
    where contains(name, word) {
      return true
    }
    return false
  }

  private static func contains(_ name: Span<UInt8>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    if name.count < count { return false }
    for start in 0...(name.count - count)
    where ASCII.equalsIgnoringCase(name.extracting(start..<start + count), word) {
      return true
    }
    return false
  }
}
