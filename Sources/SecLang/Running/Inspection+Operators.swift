import Base

/// Operators on texts.
extension Inspection {
  mutating func test(_ rule: Rule, _ text: Int32) -> Bool {
    holds(rule, text) != rule.isNegated
  }

  private mutating func holds(_ rule: Rule, _ text: Int32) -> Bool {
    let slice = texts[Int(text)].slice
    switch rule.operation {
    case .pattern(let pattern): return isMatch(pattern, text, captures: rule.captures)
    case .always: return true
    case .never: return false
    case .number(let comparison, let macro):
      let value = number(slice)
      return Inspection.compare(value, number(expand(macro, rule)), comparison)
    case .equals(let macro):
      let wanted = expand(macro, rule)
      return wanted.count == slice.count && isSame(slice, 0, wanted)
    case .contains(let macro):
      let wanted = expand(macro, rule)
      return contains(slice, wanted)
    case .containsWord(let macro):
      let wanted = expand(macro, rule)
      return containsWord(slice, wanted)
    case .within(let macro):
      let list = expand(macro, rule)
      return contains(list, slice)
    case .begins(let macro):
      let wanted = expand(macro, rule)
      return wanted.count <= slice.count && isSame(slice, 0, wanted)
    case .ends(let macro):
      let wanted = expand(macro, rule)
      return wanted.count <= slice.count
        && isSame(slice, Int(slice.count - wanted.count), wanted)
    case .addresses(let ranges): return ranges.contains { $0.contains(client) }
    case .byteRange(let set): return bytes[slice.range].contains { !set.contains($0) }
    case .percentEncoding: return !isPercentEncoded(slice)
    case .utf8Encoding:
      if !texts[Int(text)].traits.contains(.foreign) { return false }
      return String(validating: bytes[slice.range], as: UTF8.self) == nil
    case .sqlInjection:
      if let known = texts[Int(text)].isQuery { return known }
      let isFound = SQLInjection.isFound(
        bytes.span.extracting(slice.range), texts[Int(text)].traits)
      texts[Int(text)].isQuery = isFound
      return isFound
    case .markupInjection:
      if let known = texts[Int(text)].isMarkup { return known }
      let isFound = MarkupInjection.isFound(
        bytes.span.extracting(slice.range), texts[Int(text)].traits)
      texts[Int(text)].isMarkup = isFound
      return isFound
    }
  }

  private static func compare(_ left: Int, _ right: Int, _ how: Operation.Comparison) -> Bool {
    switch how {
    case .equal: left == right
    case .atLeast: left >= right
    case .greater: left > right
    case .atMost: left <= right
    case .less: left < right
    }
  }

  /// The number at the begin of a text, 0 if there is none.
  func number(_ slice: Slice) -> Int {
    var at = slice.range.lowerBound
    let end = slice.range.upperBound
    while at < end, bytes[at] == 0x20 { at += 1 }
    var isNegative = false
    if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
      isNegative = bytes[at] == UInt8(ascii: "-")
      at += 1
    }
    var value = 0
    while at < end, ASCII.isDigit(bytes[at]), value < 1 << 50 {
      value = value * 10 + Int(bytes[at] - 0x30)
      at += 1
    }
    return isNegative ? -value : value
  }

  private func isSame(_ slice: Slice, _ at: Int, _ other: Slice) -> Bool {
    let start = Int(slice.offset) + at
    return ASCII.equals(
      bytes.span.extracting(start..<start + Int(other.count)), bytes.span.extracting(other.range))
  }

  private func contains(_ text: Slice, _ wanted: Slice) -> Bool {
    guard wanted.count <= text.count else { return false }
    return (0...Int(text.count - wanted.count)).contains { isSame(text, $0, wanted) }
  }

  private func containsWord(_ text: Slice, _ wanted: Slice) -> Bool {
    guard wanted.count <= text.count else { return false }
    let range = text.range
    func isWord(_ at: Int) -> Bool {
      range.contains(at)
        && (ASCII.isAlpha(bytes[at]) || ASCII.isDigit(bytes[at]) || bytes[at] == 0x5F)
    }
    return (0...Int(text.count - wanted.count)).contains { at in
      isSame(text, at, wanted) && !isWord(range.lowerBound + at - 1)
        && !isWord(range.lowerBound + at + Int(wanted.count))
    }
  }

  private func isPercentEncoded(_ slice: Slice) -> Bool {
    var at = slice.range.lowerBound
    let end = slice.range.upperBound
    while at < end {
      if bytes[at] == UInt8(ascii: "%") {
        guard at + 2 < end, ASCII.hexValue(bytes[at + 1]) != nil,
          ASCII.hexValue(bytes[at + 2]) != nil
        else { return false }
        at += 3
      } else {
        at += 1
      }
    }
    return true
  }
}
