import Base

/// Reads a text as tokens of SQL, in the way of all widespread databases at once.
struct SQLTokenizer {
  private var at = 0
  private let words = SQLWords.standard
  /// Whether a comment that databases run, `/*! … */`, is open.
  private var isInRunComment = false

  /// Begins within a string that `quote` closes, or outside of any.
  init(_ text: Span<UInt8>, within quote: UInt8?) {
    if let quote { skipString(text, quote) }
  }

  /// The next token; nil at the end.
  mutating func next(_ text: Span<UInt8>) -> SQLToken? {
    while at < text.count {
      let byte = text[at]
      if byte <= 0x20 || byte == 0xA0 {
        at += 1
        continue
      }
      if let token = token(text, byte) { return token }
    }
    return nil
  }

  /// A token, or nil if what was passed over is none.
  private mutating func token(_ text: Span<UInt8>, _ byte: UInt8) -> SQLToken? {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      at += 1
      skipString(text, byte)
      return SQLToken(kind: .string)
    case UInt8(ascii: "`"):
      at += 1
      skipString(text, byte)
      return SQLToken(kind: .name)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number(text)
    case UInt8(ascii: "."):
      if following(text) &- 0x30 < 10 { return number(text) }
      return single(.dot)
    case UInt8(ascii: "#"): return lineComment(text, 1)
    case UInt8(ascii: "-"):
      if following(text) == byte { return lineComment(text, 2) }
      return single(.sign)
    case UInt8(ascii: "/"): return slash(text)
    case UInt8(ascii: "*"):
      if isInRunComment, following(text) == UInt8(ascii: "/") {
        isInRunComment = false
        at += 2
        return nil
      }
      return single(.sign)
    case UInt8(ascii: "("): return single(.open)
    case UInt8(ascii: ")"): return single(.close)
    case UInt8(ascii: ","): return single(.comma)
    case UInt8(ascii: ";"): return single(.semicolon)
    case UInt8(ascii: "@"): return variable(text)
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"):
      at += 1
      return nil
    case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"),
      UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "%"),
      UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "?"),
      UInt8(ascii: "["), UInt8(ascii: "]"):
      return sign(text)
    default: return word(text)
    }
  }

  private func following(_ text: Span<UInt8>) -> UInt8 { at + 1 < text.count ? text[at + 1] : 0 }

  private mutating func single(_ kind: SQLToken.Kind) -> SQLToken {
    at += 1
    return SQLToken(kind: kind)
  }

  private mutating func skipString(_ text: Span<UInt8>, _ quote: UInt8) {
    while at < text.count {
      let byte = text[at]
      at += 1
      if byte == UInt8(ascii: "\\") {
        at += 1
      } else if byte == quote {
        if at < text.count, text[at] == quote, at + 1 < text.count, text[at + 1] != quote {
          // Doubled, it stands for itself, unless nothing but that follows.
          at += 1
          continue
        }
        break
      }
    }
    at = min(at, text.count)
  }

  private mutating func lineComment(_ text: Span<UInt8>, _ count: Int) -> SQLToken? {
    at += count
    let start = at
    while at < text.count, text[at] != 0x0A { at += 1 }
    // What follows in the next line is a part of the query again.
    if at < text.count { return nil }
    let isEmpty = !(start..<at).contains { SQLTokenizer.isWord(text[$0]) }
    // A number sign is a comment to few; before a word it is what people write.
    if count == 1, !isEmpty { return SQLToken(kind: .sign) }
    return SQLToken(kind: .comment, word: isEmpty ? .nothing : .none)
  }

  private mutating func slash(_ text: Span<UInt8>) -> SQLToken? {
    guard following(text) == UInt8(ascii: "*") else { return single(.sign) }
    at += 2
    if at < text.count, text[at] == UInt8(ascii: "!") {
      at += 1
      while at < text.count, ASCII.isDigit(text[at]) { at += 1 }
      isInRunComment = true
      return nil
    }
    while at < text.count {
      if text[at] == UInt8(ascii: "*"), following(text) == UInt8(ascii: "/") {
        at += 2
        return nil
      }
      at += 1
    }
    return SQLToken(kind: .comment)
  }

  private mutating func number(_ text: Span<UInt8>) -> SQLToken {
    let start = at
    let isHex = text[at] == UInt8(ascii: "0") && following(text) | 0x20 == UInt8(ascii: "x")
    if isHex { at += 2 }
    while at < text.count {
      let byte = text[at]
      let isPart =
        ASCII.isDigit(byte) || byte == UInt8(ascii: ".")
        || (isHex && ASCII.hexValue(byte) != nil)
      if !isPart { break }
      at += 1
    }
    // `1e5` is a number, and `1or` is two words to some databases.
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e"), following(text) &- 0x30 < 10 {
      at += 1
      while at < text.count, ASCII.isDigit(text[at]) { at += 1 }
    }
    guard at < text.count, SQLTokenizer.isWord(text[at]) else { return SQLToken(kind: .number) }
    let rest = at
    if let word = word(text), word.kind == .logic || word.word == .union {
      at = rest
      return SQLToken(kind: .number)
    }
    return SQLToken(kind: at - start > 0 ? .name : .number)
  }

  private mutating func variable(_ text: Span<UInt8>) -> SQLToken {
    let start = at
    while at < text.count, text[at] == UInt8(ascii: "@") { at += 1 }
    let count = at - start
    while at < text.count, SQLTokenizer.isWord(text[at]) { at += 1 }
    if count == 2, at - start > 4 { return SQLToken(kind: .telling) }
    return SQLToken(kind: .variable)
  }

  private mutating func sign(_ text: Span<UInt8>) -> SQLToken {
    let byte = text[at]
    let next = following(text)
    if byte == next, byte == UInt8(ascii: "|") || byte == UInt8(ascii: "&") {
      at += 2
      return SQLToken(kind: .logic)
    }
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"):
      while at < text.count, "=<>!".utf8.contains(text[at]) { at += 1 }
      return SQLToken(kind: .comparison)
    case UInt8(ascii: "!"):
      if next == UInt8(ascii: "=") {
        at += 2
        return SQLToken(kind: .comparison)
      }
      return single(.not)
    case UInt8(ascii: ":") where next == UInt8(ascii: "="):
      at += 2
      return SQLToken(kind: .comparison)
    case UInt8(ascii: "~"): return single(.not)
    default: return single(.sign)
    }
  }

  static func isWord(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
      || byte == UInt8(ascii: "$")
  }

  private mutating func word(_ text: Span<UInt8>) -> SQLToken? {
    let start = at
    var hash = SQLWords.seed
    while at < text.count, SQLTokenizer.isWord(text[at]), text[at] != 0xA0 {
      hash = SQLWords.add(ASCII.lowercased(text[at]), to: hash)
      at += 1
    }
    if at == start {
      at += 1
      return nil
    }
    // A string with a mark before it: N'…', x'…'.
    if at - start == 1, at < text.count, text[at] == UInt8(ascii: "'"),
      "nxbeq".utf8.contains(text[start] | 0x20)
    {
      at += 1
      skipString(text, UInt8(ascii: "'"))
      return SQLToken(kind: .string)
    }
    return words.token(hash) ?? SQLToken(kind: .name)
  }
}
