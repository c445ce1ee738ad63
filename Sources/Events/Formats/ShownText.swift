import Base

/// Text that others chose, for forms that have no escapes of their own: what is no letter that can
/// be seen shows as what it is, so that it moves no cursor and turns no text around (CWE-117).
enum ShownText {
  /// The text as UTF-8.
  static func bytes(_ text: Span<UInt8>) -> [UInt8] { Array(string(text).utf8) }

  /// The text as a string.
  static func string(_ text: Span<UInt8>) -> String {
    // Safety: the string copies the bytes, which are valid for the call.
    let string = unsafe text.withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
    if isPlain(text) { return string }
    var shown = ""
    for scalar in string.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether the text is printable ASCII, which shows as it is.
  static func isPlain(_ text: Span<UInt8>) -> Bool {
    for place in text.indices where text[place] < 0x20 || text[place] > 0x7E { return false }
    return true
  }
}
