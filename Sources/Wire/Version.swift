import Base

/// The version of HTTP that a start line names (RFC 9112 §2.3).
enum Version {
  case v10, v11, other

  /// Reads `text`; nil if it is no version of HTTP at all.
  init?(_ text: Span<UInt8>) {
    guard text.count == 8, ASCII.equals(text.extracting(0..<5), "HTTP/"), ASCII.isDigit(text[5]),
      text[6] == 0x2E, ASCII.isDigit(text[7])
    else { return nil }
    if text[5] != 0x31 {
      self = .other
    } else {
      self = text[7] == 0x31 ? .v11 : text[7] == 0x30 ? .v10 : .other
    }
  }
}
