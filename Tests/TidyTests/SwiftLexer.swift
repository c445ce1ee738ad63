/// Tells code, comments and the content of strings apart, which is all that the rules need.
struct SwiftLexer {
  private enum Mode: Equatable {
    /// Code; `parentheses` counts the open ones within an interpolation.
    case code(parentheses: Int)
    case block(depth: Int)
    case string(hashes: Int, isMultiline: Bool)
  }

  private(set) var code: [String] = []
  private(set) var comments: [String] = []
  private var modes: [Mode] = [.code(parentheses: 0)]
  private var line: [UInt8] = []
  private var at = 0
  private var codeBytes: [UInt8] = []
  private var commentBytes: [UInt8] = []

  mutating func read(_ lines: [String]) {
    for text in lines {
      line = Array(text.utf8)
      at = 0
      codeBytes = []
      commentBytes = []
      while at < line.count { step() }
      // A string on one line ends with its line, even if it is broken.
      while case .string(_, isMultiline: false) = modes.last { modes.removeLast() }
      code.append(String(decoding: codeBytes, as: UTF8.self))
      comments.append(String(decoding: commentBytes, as: UTF8.self))
    }
  }

  private mutating func step() {
    switch modes.last ?? .code(parentheses: 0) {
    case .code(let parentheses): stepInCode(parentheses)
    case .block(let depth): stepInBlock(depth)
    case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
    }
  }

  private func isNext(_ text: String, at place: Int) -> Bool {
    let bytes = Array(text.utf8)
    return place + bytes.count <= line.count
      && line[place..<place + bytes.count].elementsEqual(bytes)
  }

  private func hashes(at place: Int) -> Int { line[place...].prefix { $0 == 0x23 }.count }

  private mutating func stepInCode(_ parentheses: Int) {
    if isNext("//", at: at) {
      commentBytes += line[at...].drop { $0 == 0x2F }
      at = line.count
    } else if isNext("/*", at: at) {
      modes.append(.block(depth: 1))
      at += 2
    } else if line[at] == UInt8(ascii: "`") {
      let end = line[(at + 1)...].firstIndex(of: UInt8(ascii: "`")) ?? line.count - 1
      codeBytes += Array("`_`".utf8)
      at = end + 1
    } else if beginString() {
      return
    } else {
      stepInParentheses(parentheses)
    }
  }

  private mutating func beginString() -> Bool {
    let count = hashes(at: at)
    let quote = at + count
    guard quote < line.count, line[quote] == UInt8(ascii: "\"") else { return false }
    let isMultiline = isNext("\"\"\"", at: quote)
    modes.append(.string(hashes: count, isMultiline: isMultiline))
    codeBytes.append(UInt8(ascii: "\""))
    at = quote + (isMultiline ? 3 : 1)
    return true
  }

  private mutating func stepInParentheses(_ parentheses: Int) {
    let byte = line[at]
    at += 1
    if modes.count > 1, byte == UInt8(ascii: ")"), parentheses == 0 {
      modes.removeLast()
      codeBytes.append(UInt8(ascii: " "))
      return
    }
    if byte == UInt8(ascii: "(") { modes[modes.count - 1] = .code(parentheses: parentheses + 1) }
    if byte == UInt8(ascii: ")") { modes[modes.count - 1] = .code(parentheses: parentheses - 1) }
    codeBytes.append(byte)
  }

  private mutating func stepInBlock(_ depth: Int) {
    if isNext("/*", at: at) {
      modes[modes.count - 1] = .block(depth: depth + 1)
      at += 2
    } else if isNext("*/", at: at) {
      modes.removeLast()
      if depth > 1 { modes.append(.block(depth: depth - 1)) }
      at += 2
    } else {
      commentBytes.append(line[at])
      at += 1
    }
  }

  private mutating func stepInString(_ count: Int, _ isMultiline: Bool) {
    let marks = String(repeating: "#", count: count)
    let end = (isMultiline ? "\"\"\"" : "\"") + marks
    if isNext(end, at: at) {
      modes.removeLast()
      codeBytes.append(UInt8(ascii: "\""))
      at += end.utf8.count
    } else if isNext("\\" + marks + "(", at: at) {
      modes.append(.code(parentheses: 0))
      codeBytes.append(UInt8(ascii: " "))
      at += count + 2
    } else if isNext("\\" + marks, at: at) {
      at += count + 2
    } else {
      at += 1
    }
  }
}
