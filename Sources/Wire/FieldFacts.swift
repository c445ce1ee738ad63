import Base
import HTTP

/// What the fields say about framing and connection, gathered while they are read.
struct FieldFacts {
  /// The value of `Content-Length`, or nil.
  private(set) var contentLength: Int?
  private(set) var isChunked = false
  private(set) var closes = false
  private(set) var keepsAlive = false
  /// Whether `Connection` names `upgrade`.
  private(set) var upgrades = false
  /// Whether `Connection` names anything but `close` and `keep-alive`.
  private var namesFields = false
  private var optionCount = 0

  /// More connection options than any peer has a use for.
  private static let optionCountMax = 32

  /// Takes note of the field that was read last; returns what is wrong with it, or nil.
  mutating func note(_ line: FieldLine, in fields: borrowing Fields) -> StaticString? {
    switch line.id {
    case .contentLength: noteLength(fields[line.value])
    case .transferEncoding: noteCoding(fields[line.value])
    case .connection: noteConnection(fields[line.value])
    default: nil
    }
  }

  /// Marks the fields that `Connection` names as removed, protected ones left alone
  /// (RFC 9110 §7.6.1).
  func removeNamed(from fields: inout Fields) {
    if !namesFields { return }
    for index in fields.lines.indices where fields.lines[index].id == .connection {
      FieldReader.lowercase(fields.lines[index].value, in: &fields.arena)
      removeNamed(by: fields.lines[index].value, from: &fields)
    }
  }

  private func removeNamed(by value: Slice, from fields: inout Fields) {
    var at = 0
    while let option = ListReader.next(in: fields[value], from: &at) {
      let name = Slice(offset: Int(value.offset) + option.lowerBound, count: option.count)
      for index in fields.lines.indices where fields.lines[index].id == .other {
        if Self.areEqual(fields.lines[index].name, name, in: fields) {
          fields.lines[index].name = .empty
        }
      }
    }
  }

  private static func areEqual(_ left: Slice, _ right: Slice, in fields: borrowing Fields) -> Bool {
    left.count == right.count && ASCII.equals(fields[left], fields[right])
  }

  /// RFC 9110 §8.6, without the leave to take a list of equal values.
  private mutating func noteLength(_ value: Span<UInt8>) -> StaticString? {
    if contentLength != nil { return "more than one Content-Length" }
    if isChunked { return "Content-Length beside Transfer-Encoding" }
    guard value.count > 0, value.count < 20 else { return "length of Content-Length" }
    var number: UInt64 = 0
    for index in value.indices {
      guard ASCII.isDigit(value[index]) else { return "Content-Length is not a number" }
      number = number * 10 + UInt64(value[index] - 0x30)
    }
    guard let length = Int(exactly: number) else { return "Content-Length too large" }
    contentLength = length
    return nil
  }

  /// Only `chunked`, once: every other coding is one that the two sides could disagree about.
  private mutating func noteCoding(_ value: Span<UInt8>) -> StaticString? {
    if isChunked { return "more than one Transfer-Encoding" }
    if contentLength != nil { return "Transfer-Encoding beside Content-Length" }
    guard ASCII.equalsIgnoringCase(value, "chunked") else { return "unknown Transfer-Encoding" }
    isChunked = true
    return nil
  }

  private mutating func noteConnection(_ value: Span<UInt8>) -> StaticString? {
    var at = 0
    while let range = ListReader.next(in: value, from: &at) {
      optionCount += 1
      if optionCount > Self.optionCountMax { return "too many connection options" }
      let option = value.extracting(range)
      if ASCII.equalsIgnoringCase(option, "close") {
        closes = true
      } else if ASCII.equalsIgnoringCase(option, "keep-alive") {
        keepsAlive = true
      } else if ASCII.equalsIgnoringCase(option, "upgrade") {
        upgrades = true
      } else {
        for index in option.indices where !ASCII.isToken(option[index]) {
          return "connection option is not a token"
        }
        namesFields = true
      }
    }
    return nil
  }
}
