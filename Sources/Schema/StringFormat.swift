import Base
import Formats
import Pattern

/// The formats that are checked where that is asked for; others are remarks.
enum StringFormat: String, Sendable, CaseIterable {
  case dateTime = "date-time"
  case date, time, duration, email, hostname, ipv4, ipv6, uri
  case uriReference = "uri-reference"
  case uuid
  case jsonPointer = "json-pointer"
  case regex, int32, int64, byte

  /// Whether it is about numbers.
  var isOfNumbers: Bool { self == .int32 || self == .int64 }

  /// Whether a number has this format (OpenAPI 3.0 §4.4).
  func holds(_ number: JSONNumber) -> Bool {
    guard let integer = number.integer else { return false }
    return self == .int64 || Int32(exactly: integer) != nil
  }

  /// Whether a text has this format.
  func holds(_ text: Span<UInt8>) -> Bool {
    switch self {
    case .dateTime: StringFormat.isDateTime(text)
    case .date: text.count == 10 && StringFormat.isDate(text)
    case .time: StringFormat.isTime(text, from: 0)
    case .ipv4, .ipv6: isAddress(text)
    case .jsonPointer: JSONPointer(StringFormat.string(text)) != nil
    case .regex: Pattern.isPattern(StringFormat.string(text))
    case .email: text.count <= 254 && matches(text)
    case .hostname: text.count <= 253 && matches(text)
    default: matches(text)
    }
  }

  private func matches(_ text: Span<UInt8>) -> Bool {
    StringFormat.patterns[self].map { $0.matches(text) } ?? true
  }

  private func isAddress(_ text: Span<UInt8>) -> Bool {
    guard text.count <= 45, let address = IPAddress(StringFormat.string(text)) else {
      return false
    }
    var hasColon = false
    for at in text.indices where text[at] == UInt8(ascii: ":") { hasColon = true }
    _ = address
    return hasColon == (self == .ipv6)
  }

  private static func string(_ text: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    for at in text.indices { bytes.append(text[at]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Formats that a regular expression describes.
  private static let patterns: [StringFormat: Pattern] = {
    let sources: [StringFormat: String] = [
      .duration:
        "^P(?:\\d+W|" + days + "(?:" + hours + ")?|" + hours + ")$",
      .email:
        "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
        + label + "(?:\\." + label + ")*$",
      .hostname: "^" + label + "(?:\\." + label + ")*$",
      .uri: "^[A-Za-z][A-Za-z0-9+.-]*:" + sign + "*(?:#" + sign + "*)?$",
      .uriReference: "^" + sign + "*(?:#" + sign + "*)?$",
      .uuid: "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
      .byte: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    ]
    return sources.compactMapValues { try? Pattern($0) }
  }()

  /// The parts of a duration, none left out between two (RFC 3339, appendix A).
  private static let days = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)"
  private static let hours = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)"
  /// A label of a host's name (RFC 1123 §2.1).
  private static let label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
  /// A character of a URI (RFC 3986 §2).
  private static let sign = "(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\\[\\]-]|%[0-9A-Fa-f]{2})"
}
