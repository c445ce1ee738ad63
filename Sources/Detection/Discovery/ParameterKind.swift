/// What the values of a parameter look like, as far as they were seen; values are not kept.
public enum ParameterKind: String, CaseIterable, Sendable {
  case integer, number, boolean, uuid, date, text

  /// What a value looks like.
  public init(_ value: Span<UInt8>) {
    switch SegmentKind(value) {
    case .number: self = .integer
    case .uuid: self = .uuid
    case .word, .identifier: self = ParameterKind.other(value)
    }
  }

  private static func other(_ value: Span<UInt8>) -> ParameterKind {
    var (digits, points, hyphens, others) = (0, 0, 0, 0)
    for place in value.indices {
      switch value[place] {
      case 0x30...0x39: digits += 1
      case UInt8(ascii: "."): points += 1
      case UInt8(ascii: "-"): hyphens += 1
      default: others += 1
      }
    }
    if digits == 8, hyphens == 2, others == 0, points == 0, value.count == 10 { return .date }
    if digits > 0, others == 0, hyphens == 0, points == 1 { return .number }
    if digits > 0, others == 0, hyphens == 1, points <= 1, value[0] == UInt8(ascii: "-") {
      return points == 1 ? .number : .integer
    }
    let isWord = isSame(value, "true") || isSame(value, "false")
    return isWord ? .boolean : .text
  }

  private static func isSame(_ value: Span<UInt8>, _ word: StaticString) -> Bool {
    guard value.count == word.utf8CodeUnitCount else { return false }
    return Array(word.description.utf8).span.indices.allSatisfy {
      value[$0] == Array(word.description.utf8)[$0]
    }
  }

  /// What covers both.
  public func joined(_ other: ParameterKind) -> ParameterKind {
    if self == other { return self }
    let both: Set = [self, other]
    return both == [.integer, .number] ? .number : .text
  }
}
