/// Mends what editors often leave behind in a text that could not be read as it is.
enum Repair {
  /// The text without what makes it unreadable, and what was done; nil if there is nothing to do.
  static func text(_ bytes: [UInt8], _ repairs: inout [String]) -> [UInt8]? {
    var text = bytes
    if String(validating: text, as: UTF8.self) == nil {
      text = Array(String(decoding: text, as: UTF8.self).utf8)
      repairs.append("bytes that are no UTF-8 were replaced")
    }
    if text.contains(0x09), text.first != UInt8(ascii: "{") {
      text = text.flatMap { $0 == 0x09 ? [0x20, 0x20] : [$0] }
      repairs.append("tabs were taken as two spaces")
    }
    return repairs.isEmpty ? nil : text
  }
}
