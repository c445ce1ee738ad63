/// The variables of a rule as they stand: names with selectors, between `|`.
struct VariableList {
  /// One of them: `!REQUEST_COOKIES:/__utm/` or `&ARGS:id`.
  struct Part: Sendable {
    var isExcluded = false
    var isCount = false
    /// In upper case; for XML with its path, which is no name of a member.
    var collection = ""
    /// What follows the colon, quotes and slashes taken off; nil if nothing does.
    var member: [UInt8]?
    var isExpression = false
  }

  let parts: [Part]

  init(_ text: [UInt8]) {
    parts = VariableList.split(text).map(VariableList.part)
  }

  private static func split(_ text: [UInt8]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var part: [UInt8] = []
    var isExpression = false
    var quote: UInt8?
    for (at, byte) in text.enumerated() {
      if let open = quote {
        if byte == open { quote = nil }
      } else if isExpression {
        if byte == UInt8(ascii: "/"), text[at - 1] != UInt8(ascii: "\\") { isExpression = false }
      } else if byte == UInt8(ascii: "|") {
        result.append(part)
        part = []
        continue
      } else if byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "/"), part.last == UInt8(ascii: ":"), !isXML(part) {
        isExpression = true
      }
      part.append(byte)
    }
    result.append(part)
    return result.filter { !$0.isEmpty }
  }

  private static func isXML(_ part: [UInt8]) -> Bool {
    String(decoding: part.suffix(4), as: UTF8.self).uppercased() == "XML:"
  }

  private static func part(_ text: [UInt8]) -> Part {
    var part = Part()
    var rest = ActionList.trimmed(text[...])
    if rest.first == UInt8(ascii: "!") {
      part.isExcluded = true
      rest.removeFirst()
    } else if rest.first == UInt8(ascii: "&") {
      part.isCount = true
      rest.removeFirst()
    }
    let name = rest.prefix { $0 != UInt8(ascii: ":") }
    part.collection = String(decoding: name, as: UTF8.self).uppercased()
    guard name.count < rest.count else { return part }
    var member = rest.dropFirst(name.count + 1)
    if part.collection == "XML" {
      part.collection += ":" + String(decoding: member, as: UTF8.self)
      return part
    }
    if member.count >= 2, member.first == UInt8(ascii: "'"), member.last == UInt8(ascii: "'") {
      member = member.dropFirst().dropLast()
    }
    if member.count >= 2, member.first == UInt8(ascii: "/"), member.last == UInt8(ascii: "/") {
      part.isExpression = true
      member = member.dropFirst().dropLast()
    }
    part.member = Array(member)
    return part
  }
}
