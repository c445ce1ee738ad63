/// The actions of a rule as they stand: `name`, or `name:value`, between commas.
struct ActionList {
  let actions: [(name: String, value: [UInt8])]

  init(_ text: [UInt8]) {
    var actions: [(String, [UInt8])] = []
    for part in ActionList.split(text) {
      let trimmed = ActionList.trimmed(part[...])
      if trimmed.isEmpty { continue }
      let name = trimmed.prefix { $0 != UInt8(ascii: ":") }
      let value = trimmed.dropFirst(name.count + 1)
      actions.append(
        (
          String(decoding: ActionList.trimmed(name), as: UTF8.self),
          ActionList.unquoted(ActionList.trimmed(value))
        ))
    }
    self.actions = actions
  }

  /// The parts between commas that stand in no quotes.
  private static func split(_ text: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in text {
      if byte == UInt8(ascii: ","), !isQuoted {
        parts.append([])
        continue
      }
      if byte == UInt8(ascii: "'"), !isEscaped { isQuoted.toggle() }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      parts[parts.count - 1].append(byte)
    }
    return parts
  }

  static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = text.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }

  private static func unquoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let quote = UInt8(ascii: "'")
    guard text.count >= 2, text.first == quote, text.last == quote else { return Array(text) }
    var result: [UInt8] = []
    var rest = text.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == quote { continue }
      result.append(byte)
    }
    return result
  }
}
