import Base

/// What `Content-Disposition` says of a part: its names (RFC 7578 §4.2).
///
/// Browsers write quotes and line ends in names percent-encoded: names with such are refused, and
/// so are backslashes, which some readers take for an escape and others for a folder.
struct MultipartDisposition {
  private(set) var name: [UInt8] = []
  private(set) var fileName: [UInt8]?

  /// Reads a value; nil if it is none of a form, lacks a name, or has a parameter twice.
  init?(_ value: [UInt8], nameBytesMax: Int) {
    let kind = Array("form-data".utf8)
    guard value.count > kind.count, value.prefix(kind.count).map(ASCII.lowercased) == kind else {
      return nil
    }
    var at = kind.count
    var hasName = false
    while at < value.count {
      while at < value.count, value[at] == 0x20 || value[at] == 0x09 { at += 1 }
      guard at < value.count, value[at] == UInt8(ascii: ";") else { return nil }
      at += 1
      while at < value.count, value[at] == 0x20 || value[at] == 0x09 { at += 1 }
      let start = at
      while at < value.count, ASCII.isToken(value[at]), value[at] != UInt8(ascii: "*") { at += 1 }
      let parameter = value[start..<at].map(ASCII.lowercased)
      guard at + 1 < value.count, value[at] == UInt8(ascii: "="),
        let text = MultipartDisposition.text(value, &at), text.count <= nameBytesMax,
        String(validating: text, as: UTF8.self) != nil
      else { return nil }
      if parameter == Array("name".utf8), !hasName {
        (name, hasName) = (text, true)
      } else if parameter == Array("filename".utf8), fileName == nil {
        fileName = text
      } else {
        return nil
      }
    }
    guard hasName, !name.isEmpty else { return nil }
  }

  /// The value behind an equals sign, in quotes or as a token.
  private static func text(_ value: [UInt8], _ at: inout Int) -> [UInt8]? {
    at += 1
    if value[at] == UInt8(ascii: "\"") {
      at += 1
      let start = at
      while at < value.count, value[at] != UInt8(ascii: "\"") {
        if value[at] == UInt8(ascii: "\\") { return nil }
        at += 1
      }
      guard at < value.count else { return nil }
      at += 1
      let text = Array(value[start..<(at - 1)])
      return hasEncodedBreak(text) ? nil : text
    }
    let start = at
    while at < value.count, ASCII.isToken(value[at]) { at += 1 }
    return at > start ? Array(value[start..<at]) : nil
  }

  /// Whether a quote or a line end hides in it, percent-encoded.
  private static func hasEncodedBreak(_ text: [UInt8]) -> Bool {
    for at in text.indices where text[at] == UInt8(ascii: "%") && at + 2 < text.count {
      let digits = [text[at + 1], text[at + 2]].map(ASCII.lowercased)
      if ["0d", "0a", "00", "22"].contains(where: { digits == Array($0.utf8) }) { return true }
    }
    return false
  }
}
