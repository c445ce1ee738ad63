/// Cuts the text of an expression into tokens (CEL language definition, "Syntax").
struct ExpressionLexer {
  enum Token: Hashable {
    case name(String)
    case int(Int64)
    case double(Double)
    case string(String)
    case symbol(String)
    case end
  }

  private static let pairs: Set<String> = ["||", "&&", "==", "!=", "<=", ">="]
  private static let singles = Set("?:.,()[]!<>+-*/%")

  private let text: [Character]
  private var at = 0
  /// Where the last token begins, in UTF-8 bytes.
  private(set) var offset = 0

  init(_ source: String) { text = Array(source) }

  mutating func next() throws(ExpressionError) -> Token {
    while at < text.count, text[at].isWhitespace { at += 1 }
    offset = text[..<at].reduce(0) { $0 + $1.utf8.count }
    guard at < text.count else { return .end }
    let first = text[at]
    if first == "\"" || first == "'" { return try string(isRaw: false) }
    if first == "r", at + 1 < text.count, text[at + 1] == "\"" || text[at + 1] == "'" {
      at += 1
      return try string(isRaw: true)
    }
    if first.isASCII, first.isNumber { return try number() }
    if first == "_" || first.isASCII && first.isLetter { return .name(name()) }
    if at + 1 < text.count, ExpressionLexer.pairs.contains(String(text[at...at + 1])) {
      at += 2
      return .symbol(String(text[at - 2..<at]))
    }
    guard ExpressionLexer.singles.contains(first) else {
      throw ExpressionError(message: "'\(first)' belongs to no expression", offset: offset)
    }
    at += 1
    return .symbol(String(first))
  }

  private mutating func name() -> String {
    let start = at
    while at < text.count,
      text[at] == "_" || text[at].isASCII && (text[at].isLetter || text[at].isNumber)
    {
      at += 1
    }
    return String(text[start..<at])
  }

  private mutating func number() throws(ExpressionError) -> Token {
    let start = at
    func isDigit(_ place: Int) -> Bool {
      place < text.count && text[place].isASCII && text[place].isNumber
    }
    if text[at] == "0", at + 1 < text.count, text[at + 1] == "x" {
      at += 2
      while at < text.count, text[at].isHexDigit { at += 1 }
      guard let value = Int64(String(text[start + 2..<at]), radix: 16) else {
        throw ExpressionError(message: "no integer of 64 bits", offset: offset)
      }
      return .int(value)
    }
    while isDigit(at) { at += 1 }
    guard at < text.count, text[at] == ".", isDigit(at + 1) else {
      guard let value = Int64(String(text[start..<at])) else {
        throw ExpressionError(message: "no integer of 64 bits", offset: offset)
      }
      return .int(value)
    }
    at += 1
    while isDigit(at) { at += 1 }
    guard let value = Double(String(text[start..<at])) else {
      throw ExpressionError(message: "no number", offset: offset)
    }
    return .double(value)
  }

  private mutating func string(isRaw: Bool) throws(ExpressionError) -> Token {
    let quote = text[at]
    var value = ""
    at += 1
    while at < text.count, text[at] != quote {
      guard text[at] == "\\", !isRaw else {
        value.append(text[at])
        at += 1
        continue
      }
      at += 1
      value.unicodeScalars.append(try escape())
    }
    guard at < text.count else {
      throw ExpressionError(message: "a text without its closing quote", offset: offset)
    }
    at += 1
    return .string(value)
  }

  private mutating func escape() throws(ExpressionError) -> Unicode.Scalar {
    guard at < text.count else {
      throw ExpressionError(message: "a text without its closing quote", offset: offset)
    }
    let letter = text[at]
    at += 1
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "\\", "\"", "'", "`", "?":
      return letter.unicodeScalars[letter.unicodeScalars.startIndex]
    case "x", "u":
      let count = letter == "x" ? 2 : 4
      let digits = String(text[at..<min(at + count, text.count)])
      guard digits.count == count, let number = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(number)
      else { break }
      at += count
      return scalar
    default: break
    }
    throw ExpressionError(message: "no escape that is known", offset: offset)
  }
}
