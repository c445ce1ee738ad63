import Base

/// Reads a rule file into directives, as ModSecurity's reference manual describes its syntax.
///
/// A line that ends with a backslash goes on in the next; `#` begins a comment where a directive
/// could begin; arguments stand apart by blanks, and in quotes if they hold any.
struct DirectiveReader {
  /// Longest file, in bytes: the Core Rule Set's longest has a twentieth of that.
  static let bytesMax = 4 * 1024 * 1024
  /// Longest directive, in bytes.
  static let directiveBytesMax = 256 * 1024

  private let file: String

  /// All directives of `text`, which is the content of `file`.
  static func read(_ text: [UInt8], file: String) throws(RuleFault) -> [Directive] {
    guard text.count <= bytesMax else {
      throw RuleFault("a file of more than \(bytesMax) bytes", file: file, line: 1)
    }
    let reader = DirectiveReader(file: file)
    var directives: [Directive] = []
    var line: [UInt8] = []
    var number = 0
    var first = 1
    for piece in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      var part = piece[...]
      while let last = part.last, isBlank(last) { part.removeLast() }
      if line.isEmpty {
        first = number
        part = part.drop(while: isBlank)
        if part.isEmpty || part.first == UInt8(ascii: "#") { continue }
      }
      let goesOn = part.last == UInt8(ascii: "\\")
      line += goesOn ? part.dropLast() : part
      guard line.count <= directiveBytesMax else {
        throw RuleFault("a directive of too many bytes", file: file, line: first)
      }
      if goesOn { continue }
      directives.append(try reader.directive(line, at: first))
      line = []
    }
    if !line.isEmpty { directives.append(try reader.directive(line, at: first)) }
    return directives
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }

  private func directive(_ line: [UInt8], at number: Int) throws(RuleFault) -> Directive {
    var words: [[UInt8]] = []
    var at = 0
    while true {
      while at < line.count, DirectiveReader.isBlank(line[at]) { at += 1 }
      if at == line.count { break }
      guard let word = DirectiveReader.word(line, &at) else {
        throw RuleFault("a quote that is not closed", file: file, line: number)
      }
      words.append(word)
    }
    return Directive(
      name: String(decoding: words[0], as: UTF8.self), arguments: Array(words.dropFirst()),
      file: file, line: number)
  }

  /// A word, or what stands in double quotes, where a backslash guards a quote; nil if the quote
  /// is not closed.
  private static func word(_ line: [UInt8], _ at: inout Int) -> [UInt8]? {
    guard line[at] == UInt8(ascii: "\"") else {
      let start = at
      while at < line.count, !isBlank(line[at]) { at += 1 }
      return Array(line[start..<at])
    }
    at += 1
    var word: [UInt8] = []
    while at < line.count {
      let byte = line[at]
      at += 1
      if byte == UInt8(ascii: "\"") { return word }
      if byte == UInt8(ascii: "\\"), at < line.count, line[at] == UInt8(ascii: "\"") {
        word.append(UInt8(ascii: "\""))
        at += 1
      } else {
        word.append(byte)
      }
    }
    return nil
  }
}
