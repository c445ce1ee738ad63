import Base
public import HTTP

/// The `traceparent` field of W3C Trace Context, §3.2.
public enum TraceParent {
  /// Whether `value` is one that may be passed on.
  public static func isValid(_ value: Span<UInt8>) -> Bool { identifier(in: value) != nil }

  /// Where the trace's identifier stands in `value`; nil if the value is not valid.
  static func identifier(in value: Span<UInt8>) -> Range<Int>? {
    guard value.count >= 55, value[2] == dash, value[35] == dash, value[52] == dash else {
      return nil
    }
    guard isHex(value.extracting(0..<2)), isHex(value.extracting(53..<55)),
      isIdentifier(value.extracting(3..<35)), isIdentifier(value.extracting(36..<52))
    else { return nil }
    let version = value.extracting(0..<2)
    // Version ff is none; later versions may carry more behind another dash, the first may not.
    if ASCII.equals(version, "ff") { return nil }
    if ASCII.equals(version, "00"), value.count != 55 { return nil }
    if value.count > 55, value[55] != dash { return nil }
    return 3..<35
  }

  /// What a field tells; nil if it is not valid. The span is that of whoever sent it.
  public static func read(_ value: Span<UInt8>) -> TraceIdentity? {
    guard isValid(value) else { return nil }
    var trace = TraceIdentity()
    trace.high = number(value.extracting(3..<19))
    trace.low = number(value.extracting(19..<35))
    trace.span = number(value.extracting(36..<52))
    trace.isSampled = (ASCII.hexValue(value[54]) ?? 0) & 1 == 1
    return trace
  }

  /// Sixteen digits that were checked.
  private static func number(_ digits: Span<UInt8>) -> UInt64 {
    var number: UInt64 = 0
    for index in digits.indices {
      let byte = digits[index]
      number = number << 4 | UInt64(byte < 0x3A ? byte &- 0x30 : byte &- 0x57)
    }
    return number
  }

  private static let dash = UInt8(ascii: "-")

  /// Hexadecimal in lower case.
  private static func isHex(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if !ASCII.isDigit(byte), byte < 0x61 || byte > 0x66 { return false }
    }
    return true
  }

  /// Hexadecimal that is not all zeros, which stands for none.
  private static func isIdentifier(_ text: Span<UInt8>) -> Bool {
    guard isHex(text) else { return false }
    for index in text.indices where text[index] != 0x30 { return true }
    return false
  }
}
