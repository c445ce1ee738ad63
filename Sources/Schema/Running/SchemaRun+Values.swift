import Formats
import Pattern

/// Single values: types, constants, numbers and strings.
extension SchemaRun {
  mutating func checkType(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>
  ) -> Bool {
    var isSound = true
    let types = node.rules.types
    if types != .all {
      var own = SchemaTypes(entry.kind)
      if own == .number, !types.contains(.number), types.contains(.integer), isWhole(entry, text) {
        own = .integer
      }
      if !types.contains(own) {
        isSound = refuse(
          "type", place,
          types.contains(.number)
            ? types.subtracting(.integer).text : types.text)
        guard isCollecting else { return false }
      }
    }
    if let constants = node.rules.constants {
      for index in constants.indices where equals(constants[index], place, text) {
        return isSound
      }
      isSound = refuse("enum", place, "one of \(constants.count) given values")
    }
    return isSound
  }

  private func isWhole(_ entry: JSONTape.Entry, _ text: Span<UInt8>) -> Bool {
    entry.isWhole || JSONNumber(text: text.extracting(entry.range)).isWhole
  }

  /// Whether the value at `place` is `constant`.
  func equals(_ constant: JSONValue, _ place: Int, _ text: Span<UInt8>) -> Bool {
    let entry = tape[place]
    switch (constant, entry.kind) {
    case (.null, .null): return true
    case (.boolean(let value), .boolean): return value == (text[entry.range.lowerBound] == 0x74)
    case (.integer(let value), .number):
      return JSONNumber(value) == JSONNumber(text: text.extracting(entry.range))
    case (.number(let value), .number):
      return value == JSONNumber(text: text.extracting(entry.range))
    case (.string(let value), .string):
      let bytes = value.utf8
      return entry.says(bytes.span, in: text)
    case (.array(let elements), .array):
      var child = place + 1
      for element in elements {
        guard child < Int(entry.next), equals(element, child, text) else { return false }
        child = Int(tape[child].next)
      }
      return child == Int(entry.next)
    case (.object(let object), .object):
      var count = 0
      var child = place + 1
      while child < Int(entry.next) {
        let name = String(decoding: tape[child].plain(in: text), as: UTF8.self)
        guard let value = object[name], equals(value, child + 1, text) else { return false }
        count += 1
        child = Int(tape[child + 1].next)
      }
      return count == object.count
    default: return false
    }
  }

  mutating func checkNumber(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>
  ) -> Bool {
    if let integers = node.rules.values.integers,
      let value = SchemaRun.integer(entry, text), integers.contains(value)
    {
      return true
    }
    let number = JSONNumber(text: text.extracting(entry.range))
    var isSound = true
    if let bound = node.rules.values.minimum, number < bound {
      isSound = refuse("minimum", place, "at least \(bound)")
    }
    if let bound = node.rules.values.maximum, bound < number {
      isSound = refuse("maximum", place, "at most \(bound)")
    }
    if let bound = node.rules.values.exclusiveMinimum, !(bound < number) {
      isSound = refuse("exclusiveMinimum", place, "more than \(bound)")
    }
    if let bound = node.rules.values.exclusiveMaximum, !(number < bound) {
      isSound = refuse("exclusiveMaximum", place, "less than \(bound)")
    }
    if let divisor = node.rules.values.multipleOf, !number.isMultiple(of: divisor) {
      isSound = refuse("multipleOf", place, "a multiple of \(divisor)")
    }
    if let format = node.rules.values.numberFormat, !format.holds(number) {
      isSound = refuse("format", place, format.rawValue)
    }
    return isSound
  }

  /// A whole number of few digits; nil for any other.
  @inline(__always)
  static func integer(_ entry: JSONTape.Entry, _ text: Span<UInt8>) -> Int? {
    guard entry.isWhole, entry.range.count <= 18 else { return nil }
    var value = 0
    var at = entry.range.lowerBound
    let isNegative = text[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    while at < entry.range.upperBound {
      value = value &* 10 &+ Int(text[at] &- 0x30)
      at += 1
    }
    return isNegative ? -value : value
  }

  mutating func checkString(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>
  ) -> Bool {
    if entry.isEscaped {
      let plain = entry.plain(in: text)
      return checkString(node, place, plain.span)
    }
    return checkString(node, place, text.extracting(entry.range))
  }

  private mutating func checkString(
    _ node: SchemaNode, _ place: Int, _ plain: Span<UInt8>
  ) -> Bool {
    var isSound = true
    if node.rules.values.minLength != nil || node.rules.values.maxLength != nil {
      var count = plain.count
      for at in plain.indices where plain[at] & 0xC0 == 0x80 { count -= 1 }
      if let bound = node.rules.values.minLength, count < bound {
        isSound = refuse("minLength", place, "at least \(bound) characters")
      }
      if let bound = node.rules.values.maxLength, count > bound {
        isSound = refuse("maxLength", place, "at most \(bound) characters")
      }
      guard isSound || isCollecting else { return false }
    }
    if let pattern = node.rules.values.pattern, !pattern.matches(plain) {
      isSound = refuse("pattern", place, "what matches \(pattern.source)")
    }
    if let format = node.rules.values.format, !format.holds(plain) {
      isSound = refuse("format", place, format.rawValue)
    }
    return isSound
  }
}
