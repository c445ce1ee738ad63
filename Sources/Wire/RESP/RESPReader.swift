public import Base

/// Reads the replies of a store that speaks the Redis protocol (RESP2), one after another.
///
/// A reply is taken whole or not at all. What is longer, deeper or of another kind than anything
/// that was asked for is refused, and then the connection is of no use any more.
public enum RESPReader {
  /// What stands at the front of the input.
  public enum Step: Sendable {
    case reply(RESPReply)
    case incomplete
    case refused(StaticString)
  }

  /// Longest line, its kind and end included, in bytes.
  public static let lineBytesMax = 1024
  /// Longest string, in bytes.
  public static let bulkBytesMax = 8192
  /// Longest list.
  public static let elementsMax = 64

  /// Takes the next reply from the front of `input`; nothing is taken of one that is not whole.
  public static func next(_ input: inout ByteBuffer) -> Step {
    var at = 0
    let step = read(input.readable, &at)
    if case .reply = step { input.consume(at) }
    return step
  }

  private static func read(_ bytes: Span<UInt8>, _ at: inout Int) -> Step {
    guard at < bytes.count else { return .incomplete }
    let kind = bytes[at]
    let begin = at + 1
    guard let end = lineEnd(bytes, from: at) else {
      return bytes.count - at < lineBytesMax ? .incomplete : .refused("a line is too long")
    }
    guard end > begin - 1 else { return .refused("a line ends too early") }
    at = end + 2
    let line = bytes.extracting(begin..<end)
    switch kind {
    case UInt8(ascii: "+"): return .reply(.status(copy(line)))
    case UInt8(ascii: "-"): return .reply(.error(copy(line)))
    case UInt8(ascii: ":"):
      guard let number = number(line) else { return .refused("a number is none") }
      return .reply(.integer(number))
    case UInt8(ascii: "$"): return bulk(bytes, &at, line)
    case UInt8(ascii: "*"): return list(bytes, &at, line)
    default: return .refused("a reply of no known kind")
    }
  }

  private static func bulk(_ bytes: Span<UInt8>, _ at: inout Int, _ line: Span<UInt8>) -> Step {
    guard let count = number(line), count >= -1 else { return .refused("a length is none") }
    if count < 0 { return .reply(.bulk(nil)) }
    guard count <= bulkBytesMax else { return .refused("a string is too long") }
    guard bytes.count - at >= count + 2 else { return .incomplete }
    let content = bytes.extracting(at..<at + count)
    guard bytes[at + count] == 13, bytes[at + count + 1] == 10 else {
      return .refused("a string does not end where it says")
    }
    at += count + 2
    return .reply(.bulk(copy(content)))
  }

  private static func list(_ bytes: Span<UInt8>, _ at: inout Int, _ line: Span<UInt8>) -> Step {
    guard let count = number(line), count >= 0, count <= elementsMax else {
      return .refused("a list of no length that was asked for")
    }
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    while numbers.count < count {
      guard at < bytes.count else { return .incomplete }
      guard bytes[at] == UInt8(ascii: ":") else { return .refused("a list not of numbers") }
      switch read(bytes, &at) {
      case .reply(.integer(let number)): numbers.append(number)
      case .incomplete: return .incomplete
      case .refused(let reason): return .refused(reason)
      case .reply: return .refused("a list not of numbers")
      }
    }
    return .reply(.integers(numbers))
  }

  /// Where the CR of the line's CRLF is; nil if it has not come within the longest line.
  private static func lineEnd(_ bytes: Span<UInt8>, from begin: Int) -> Int? {
    var place = begin
    let end = min(bytes.count, begin + lineBytesMax) - 1
    while place < end {
      if bytes[place] == 13, bytes[place + 1] == 10 { return place }
      place += 1
    }
    return nil
  }

  /// A decimal number, at most a minus before it.
  private static func number(_ text: Span<UInt8>) -> Int? {
    let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
    var place = isNegative ? 1 : 0
    guard place < text.count, text.count - place <= 19 else { return nil }
    var value = 0
    while place < text.count {
      guard ASCII.isDigit(text[place]) else { return nil }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLargeYet) = product.addingReportingOverflow(Int(text[place] - 0x30))
      if tooLarge || tooLargeYet { return nil }
      value = sum
      place += 1
    }
    return isNegative ? -value : value
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for index in bytes.indices { result.append(bytes[index]) }
    return result
  }
}
