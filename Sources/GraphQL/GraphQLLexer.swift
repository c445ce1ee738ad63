import Base

/// Parts a document into tokens (GraphQL, October 2021, §2.1, appendix B.1).
struct GraphQLLexer {
  let text: [UInt8]
  private(set) var at = 0
  private var tokensLeft: Int
  private let tokensMax: Int

  init(_ text: [UInt8], tokensMax: Int) {
    self.text = text
    self.tokensMax = tokensMax
    tokensLeft = tokensMax
  }

  /// The next token; commas, comments and white space mean nothing.
  mutating func next() throws(GraphQLFault) -> GraphQLToken {
    try skipIgnored()
    guard at < text.count else { return GraphQLToken(kind: .end, range: at..<at) }
    guard tokensLeft > 0 else {
      throw GraphQLFault("tokens", "at most \(tokensMax) tokens", found: "more", at: at)
    }
    tokensLeft -= 1
    let start = at
    let byte = text[at]
    switch byte {
    case UInt8(ascii: "."):
      guard at + 2 < text.count, text[at + 1] == byte, text[at + 2] == byte else {
        throw syntax("three dots")
      }
      at += 3
      return GraphQLToken(kind: .spread, range: start..<at)
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "-"): return try number()
    case _ where ASCII.isDigit(byte): return try number()
    case _ where GraphQLLexer.isNameStart(byte):
      while at < text.count, GraphQLLexer.isNameStart(text[at]) || ASCII.isDigit(text[at]) {
        at += 1
      }
      return GraphQLToken(kind: .name, range: start..<at)
    case _ where "!$&():=@[]{|}".utf8.contains(byte):
      at += 1
      return GraphQLToken(kind: .mark(byte), range: start..<at)
    default: throw syntax("a token of GraphQL")
    }
  }

  private static func isNameStart(_ byte: UInt8) -> Bool { ASCII.isAlpha(byte) || byte == 0x5F }

  func syntax(_ expected: String) -> GraphQLFault {
    GraphQLFault("syntax", expected, at: at)
  }

  private mutating func skipIgnored() throws(GraphQLFault) {
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","): at += 1
      case 0xEF where at == 0 && text.starts(with: [0xEF, 0xBB, 0xBF]): at += 3
      case UInt8(ascii: "#"):
        while at < text.count, text[at] != 0x0A, text[at] != 0x0D {
          guard text[at] >= 0x20 || text[at] == 0x09 else { throw syntax("no control character") }
          at += 1
        }
      default: return
      }
    }
  }

  private mutating func number() throws(GraphQLFault) -> GraphQLToken {
    let start = at
    if text[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    try digits()
    if at > first + 1, text[first] == UInt8(ascii: "0") { throw syntax("no zero before a number") }
    var isFloat = false
    if at < text.count, text[at] == UInt8(ascii: ".") {
      isFloat = true
      at += 1
      try digits()
    }
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
      isFloat = true
      at += 1
      if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    // §2.9.1: what begins a name or goes on with a dot must not follow.
    if at < text.count, GraphQLLexer.isNameStart(text[at]) || text[at] == UInt8(ascii: ".") {
      throw syntax("the end of a number")
    }
    return GraphQLToken(kind: isFloat ? .float : .int, range: start..<at)
  }

  private mutating func digits() throws(GraphQLFault) {
    let start = at
    while at < text.count, ASCII.isDigit(text[at]) { at += 1 }
    guard at > start else { throw syntax("a digit") }
  }

  private mutating func string() throws(GraphQLFault) -> GraphQLToken {
    let start = at
    if isQuotes(at) { return try blockString() }
    at += 1
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      switch text[at] {
      case UInt8(ascii: "\\"): try escape()
      case 0x09, 0x20...: at += 1
      default: throw syntax("no line end or control character in a string")
      }
    }
    guard at < text.count else { throw syntax("the end of a string") }
    at += 1
    return GraphQLToken(kind: .string, range: start..<at)
  }

  private func isQuotes(_ place: Int) -> Bool {
    place + 2 < text.count && text[place] == 0x22 && text[place + 1] == 0x22
      && text[place + 2] == 0x22
  }

  private mutating func blockString() throws(GraphQLFault) -> GraphQLToken {
    let start = at
    at += 3
    while at < text.count {
      if isQuotes(at) {
        at += 3
        return GraphQLToken(kind: .string, range: start..<at)
      }
      let byte = text[at]
      guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else {
        throw syntax("no control character in a string")
      }
      at += byte == UInt8(ascii: "\\") && isQuotes(at + 1) ? 4 : 1
    }
    throw syntax("the end of a string")
  }

  private mutating func escape() throws(GraphQLFault) {
    at += 1
    guard at < text.count else { throw syntax("the end of a string") }
    if "\"\\/bfnrt".utf8.contains(text[at]) {
      at += 1
      return
    }
    guard text[at] == UInt8(ascii: "u") else { throw syntax("an escape of GraphQL") }
    at += 1
    if at < text.count, text[at] == UInt8(ascii: "{") {
      at += 1
      let start = at
      while at < text.count, ASCII.hexValue(text[at]) != nil { at += 1 }
      guard at > start, at - start <= 8, at < text.count, text[at] == UInt8(ascii: "}") else {
        throw syntax("hexadecimal digits in braces")
      }
      at += 1
      return
    }
    for _ in 0..<4 {
      guard at < text.count, ASCII.hexValue(text[at]) != nil else {
        throw syntax("four hexadecimal digits")
      }
      at += 1
    }
  }
}
