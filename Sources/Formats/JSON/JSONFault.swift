/// Why a text is not taken for JSON: what is wrong, and at which byte.
public struct JSONFault: Error, Hashable, Sendable {
  /// What can be wrong.
  public enum Kind: Hashable, Sendable {
    /// No JSON text (RFC 8259), or not all of it is one.
    case syntax
    /// Not UTF-8, or an escape that stands for half a character.
    case encoding
    /// Two members of one object have the same name.
    case duplicateName
    /// More bytes, values or levels than are taken.
    case tooLarge
  }

  /// What exactly is wrong, for whoever has to mend the text.
  public enum Detail: UInt8, Hashable, Sendable {
    case expectedValue, expectedName, expectedColon, expectedCommaOrBrace, expectedCommaOrBracket
    case expectedEnd, expectedDigit, leadingZero, unfinishedString, unfinishedText
    case controlCharacter, unknownEscape
    case notUTF8, loneSurrogate, byteOrderMark
    case duplicateName
    case bytes, values, depth, members, stringBytes, numberBytes
  }

  /// What exactly is wrong.
  public let detail: Detail
  /// The place, counted in bytes from 0.
  public let offset: Int

  init(_ detail: Detail, at offset: Int) {
    self.detail = detail
    self.offset = offset
  }

  /// What is wrong.
  public var kind: Kind {
    switch detail {
    case .notUTF8, .loneSurrogate: .encoding
    case .duplicateName: .duplicateName
    case .bytes, .values, .depth, .members, .stringBytes, .numberBytes: .tooLarge
    default: .syntax
    }
  }

  /// Line and column of the place in the text that the fault was found in.
  public func position(in text: Span<UInt8>) -> Position {
    var line = 1
    var column = 1
    for at in 0..<min(offset, text.count) {
      if text[at] == 0x0A {
        line += 1
        column = 1
      } else if text[at] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return Position(line: line, column: column)
  }
}

extension JSONFault: CustomStringConvertible {
  /// What is wrong and what was expected; never a part of the text.
  public var description: String {
    switch detail {
    case .expectedValue: "no value where one is expected"
    case .expectedName: "no name in quotation marks where one is expected"
    case .expectedColon: "no colon behind a name"
    case .expectedCommaOrBrace: "neither a comma nor a closing brace behind a member"
    case .expectedCommaOrBracket: "neither a comma nor a closing bracket behind an element"
    case .expectedEnd: "more text behind the value"
    case .expectedDigit: "no digit in a number where one is expected"
    case .leadingZero: "a number that begins with a zero too many"
    case .unfinishedString: "a string without an end"
    case .unfinishedText: "the text ends too early"
    case .controlCharacter: "a control character in a string, which must be escaped"
    case .unknownEscape: "an escape that JSON does not have"
    case .notUTF8: "bytes that are not UTF-8"
    case .loneSurrogate: "an escape that is half a character"
    case .byteOrderMark: "a byte order mark before the value"
    case .duplicateName: "a name that its object has already"
    case .bytes: "a text that is too long"
    case .values: "too many values"
    case .depth: "values nested too deep"
    case .members: "an object with too many members"
    case .stringBytes: "a string that is too long"
    case .numberBytes: "a number that is too long"
    }
  }
}
