import Base

/// Character references of HTML, undone as browsers do, with or without a semicolon.
enum EntityDecoding {
  private static let names: [(StaticString, UInt8)] = [
    ("quot", 0x22), ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("nbsp", 0xA0), ("apos", 0x27),
    ("tab", 0x09), ("newline", 0x0A), ("lpar", 0x28), ("rpar", 0x29), ("colon", 0x3A),
    ("sol", 0x2F), ("bsol", 0x5C), ("grave", 0x60), ("equals", 0x3D), ("excl", 0x21),
    ("lbrace", 0x7B), ("lcub", 0x7B), ("rcub", 0x7D), ("lsqb", 0x5B), ("rsqb", 0x5D),
    ("period", 0x2E), ("comma", 0x2C), ("semi", 0x3B), ("num", 0x23), ("plus", 0x2B),
  ]

  /// Appends `text` decoded; what is no reference stays as it is.
  static func decode(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "&"), let (byte, end) = reference(text, at + 1) {
        output.append(byte)
        at = end
      } else {
        output.append(text[at])
        at += 1
      }
    }
  }

  private static func reference(_ text: Span<UInt8>, _ start: Int) -> (UInt8, end: Int)? {
    guard start < text.count else { return nil }
    guard text[start] == UInt8(ascii: "#") else { return named(text, start) }
    var at = start + 1
    let isHex = at < text.count && text[at] | 0x20 == UInt8(ascii: "x")
    if isHex { at += 1 }
    let first = at
    var value: UInt32 = 0
    while at < text.count {
      if isHex, let digit = ASCII.hexValue(text[at]) {
        value = min(value << 4 | UInt32(digit), 0x11_0000)
      } else if !isHex, ASCII.isDigit(text[at]) {
        value = min(value * 10 + UInt32(text[at] - 0x30), 0x11_0000)
      } else {
        break
      }
      at += 1
    }
    guard at > first else { return nil }
    return (URLDecoding.narrow(value), skipSemicolon(text, at))
  }

  private static func named(_ text: Span<UInt8>, _ start: Int) -> (UInt8, end: Int)? {
    var end = start
    while end < text.count, end - start < 8, ASCII.isAlpha(text[end]) { end += 1 }
    guard end > start else { return nil }
    let word = text.extracting(start..<end)
    for (name, byte) in names where ASCII.equalsIgnoringCase(word, name) {
      return (byte, skipSemicolon(text, end))
    }
    return nil
  }

  private static func skipSemicolon(_ text: Span<UInt8>, _ at: Int) -> Int {
    at < text.count && text[at] == UInt8(ascii: ";") ? at + 1 : at
  }
}
