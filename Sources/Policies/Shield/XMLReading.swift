import Base
import SecLang

/// Takes XML apart into the texts in it: what stands between tags, values of attributes, and names.
///
/// It does not judge whether the text is well-formed; what is no tag is text. Document types are
/// looked at as text, where rules find what they declare.
struct XMLReading {
  private var value: [UInt8] = []
  private var at = 0

  mutating func read(
    _ content: Span<UInt8>, into inspection: inout Inspection
  ) -> ContentFault? {
    let none = Span<UInt8>()
    while at < content.count {
      if content[at] != UInt8(ascii: "<") {
        let start = at
        while at < content.count, content[at] != UInt8(ascii: "<") { at += 1 }
        add(content.extracting(start..<at), .xmlText, none, into: &inspection)
      } else if begins(content, "<![CDATA[") {
        let start = at + 9
        skip(content, past: "]]>")
        let end = max(start, at - 3)
        if start < content.count {
          inspection.add(.xmlText, name: none, content.extracting(start..<min(end, content.count)))
        }
      } else if begins(content, "<!--") {
        skip(content, past: "-->")
      } else if begins(content, "<!") || begins(content, "<?") {
        let start = at
        skipDeclaration(content)
        inspection.add(.xmlText, name: none, content.extracting(start..<at))
      } else {
        readTag(content, into: &inspection)
      }
    }
    return nil
  }

  private mutating func readTag(_ content: Span<UInt8>, into inspection: inout Inspection) {
    at += 1
    if at < content.count, content[at] == UInt8(ascii: "/") { at += 1 }
    let begin = at
    while at < content.count, content[at] > 0x20, content[at] != UInt8(ascii: ">") { at += 1 }
    let isEmpty = at > begin && content[at - 1] == UInt8(ascii: "/")
    addName(content.extracting(begin..<(isEmpty ? at - 1 : at)), into: &inspection)
    while at < content.count, content[at] != UInt8(ascii: ">") {
      while at < content.count, content[at] <= 0x20 { at += 1 }
      let start = at
      while at < content.count, content[at] > 0x20, !"=>".utf8.contains(content[at]) { at += 1 }
      let name = content.extracting(start..<at)
      addName(name, into: &inspection)
      while at < content.count, content[at] <= 0x20 { at += 1 }
      guard at < content.count, content[at] == UInt8(ascii: "=") else { continue }
      at += 1
      while at < content.count, content[at] <= 0x20 { at += 1 }
      guard at < content.count else { return }
      let quote = content[at]
      let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      if isQuoted { at += 1 }
      let first = at
      while at < content.count,
        isQuoted ? content[at] != quote : content[at] > 0x20 && content[at] != 0x3E
      { at += 1 }
      add(content.extracting(first..<at), .xmlAttribute, name, into: &inspection)
      if isQuoted, at < content.count { at += 1 }
    }
    at = min(at + 1, content.count)
  }

  /// Adds the name of an element or attribute, unless it is one plain word, which can be no attack.
  private func addName(_ name: Span<UInt8>, into inspection: inout Inspection) {
    for at in name.indices where !ASCII.isAlpha(name[at]) && !ASCII.isDigit(name[at]) {
      return inspection.add(.bodyArgumentName, name: Span(), name)
    }
  }

  private mutating func add(
    _ text: Span<UInt8>, _ kind: InputKind, _ name: Span<UInt8>,
    into inspection: inout Inspection
  ) {
    guard text.indices.contains(where: { text[$0] > 0x20 }) else { return }
    value.removeAll(keepingCapacity: true)
    var place = 0
    while place < text.count {
      if text[place] == UInt8(ascii: "&"), let (byte, end) = reference(text, place + 1) {
        value.append(byte)
        place = end
      } else {
        value.append(text[place])
        place += 1
      }
    }
    inspection.add(kind, name: name, value.span)
  }

  /// One of the five names that XML knows (§4.6), or a number below 256.
  private func reference(_ text: Span<UInt8>, _ start: Int) -> (UInt8, end: Int)? {
    var end = start
    while end < text.count, end - start < 10, text[end] != UInt8(ascii: ";") { end += 1 }
    guard end < text.count, text[end] == UInt8(ascii: ";") else { return nil }
    let word = text.extracting(start..<end)
    let names: [(StaticString, UInt8)] = [
      ("lt", 0x3C), ("gt", 0x3E), ("amp", 0x26), ("apos", 0x27), ("quot", 0x22),
    ]
    for (name, byte) in names where ASCII.equals(word, name) { return (byte, end + 1) }
    guard word.count > 1, word[0] == UInt8(ascii: "#") else { return nil }
    let isHex = word[1] == UInt8(ascii: "x")
    var number = 0
    for place in (isHex ? 2 : 1)..<max(isHex ? 2 : 1, word.count) {
      guard let digit = ASCII.hexValue(word[place]), isHex || digit < 10 else { return nil }
      number = number * (isHex ? 16 : 10) + Int(digit)
      if number > 0x10FFFF { return nil }
    }
    return number < 256 ? (UInt8(number), end + 1) : nil
  }

  private func begins(_ content: Span<UInt8>, _ text: StaticString) -> Bool {
    let end = at + text.utf8CodeUnitCount
    return end <= content.count && ASCII.equals(content.extracting(at..<end), text)
  }

  private mutating func skip(_ content: Span<UInt8>, past mark: StaticString) {
    while at < content.count, !begins(content, mark) { at += 1 }
    at = min(at + mark.utf8CodeUnitCount, content.count)
  }

  /// Goes behind `<!…>`, whatever brackets are in it.
  private mutating func skipDeclaration(_ content: Span<UInt8>) {
    var depth = 0
    while at < content.count {
      switch content[at] {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ">"):
        if depth <= 0 {
          at += 1
          return
        }
      default: break
      }
      at += 1
    }
  }
}
