import Base

/// The parameters of an `Authorization` field: `name="value"`, with commas between
/// (RFC 9110 §11.4).
enum SignatureParameters {
  private static let countMax = 16

  /// The parameters by name, in lower case; nil for what is no such list, or has a name twice.
  static func read(_ text: ArraySlice<UInt8>) -> [String: String]? {
    var found: [String: String] = [:]
    var at = text.startIndex
    func skipSpaces() { while at < text.endIndex, text[at] == 0x20 || text[at] == 0x09 { at += 1 } }
    while true {
      skipSpaces()
      let start = at
      while at < text.endIndex, ASCII.isToken(text[at]) { at += 1 }
      let name = String(decoding: text[start..<at], as: UTF8.self).lowercased()
      guard !name.isEmpty, found.count < countMax else { return nil }
      skipSpaces()
      guard at < text.endIndex, text[at] == UInt8(ascii: "=") else { return nil }
      at += 1
      skipSpaces()
      guard let value = value(text, &at), found.updateValue(value, forKey: name) == nil else {
        return nil
      }
      skipSpaces()
      if at == text.endIndex { return found }
      guard text[at] == UInt8(ascii: ",") else { return nil }
      at += 1
    }
  }

  /// A token, or text in quotes; what is escaped in it is no part of a signature, and refused.
  private static func value(_ text: ArraySlice<UInt8>, _ at: inout Int) -> String? {
    guard at < text.endIndex else { return nil }
    guard text[at] == UInt8(ascii: "\"") else {
      let start = at
      while at < text.endIndex, ASCII.isToken(text[at]) { at += 1 }
      return start == at ? nil : String(decoding: text[start..<at], as: UTF8.self)
    }
    let start = at + 1
    at = start
    while at < text.endIndex, text[at] != UInt8(ascii: "\"") {
      if text[at] == UInt8(ascii: "\\") { return nil }
      at += 1
    }
    guard at < text.endIndex else { return nil }
    at += 1
    return String(decoding: text[start..<at - 1], as: UTF8.self)
  }
}
