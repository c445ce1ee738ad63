/// A piece of HTML. What is interpolated is escaped, unless it is such a piece itself: text that
/// was not escaped cannot get in.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }
    mutating func appendInterpolation(_ value: Int) { text += "\(value)" }
    mutating func appendInterpolation(_ value: Markup) { text += value.text }
  }

  /// A piece as it is written in the source.
  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
  private init(raw: String) { text = raw }

  /// Nothing.
  static let nothing: Markup = ""

  /// Pieces one after another.
  static func joined(_ parts: [Markup]) -> Markup { Markup(raw: parts.map(\.text).joined()) }

  /// A text that stands for itself in content and in quoted attributes.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // Neither marks that turn the direction of text, nor controls, belong to what is shown.
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{0}"..."\u{8}", "\u{E}"..."\u{1F}":
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
