import Formats
import Pattern

/// What a schema says that is done with by a glance at a value, in words without references: most
/// schemas of members are no more than that.
///
/// Whether a value is found sound by it is certain. What it does not find sound is looked at by the
/// schema itself.
struct SchemaLeaf: Sendable {
  /// The types that pass; none if the schema says more.
  private var types: SchemaTypes = []
  /// Lengths of strings in bytes within which the count of characters is sound for certain.
  private var bytesMin = 0
  private var bytesMax = Int.max
  /// What whole numbers of few digits may be.
  private var least = Int.min
  private var greatest = Int.max
  /// Whether numbers have to be whole, and whether just not negative.
  private var isWhole = false
  private var isNotNegative = false
  /// Whether other numbers pass without a look.
  private var takesNumbers = false
  /// The place of the pattern among the program's; -1 for none.
  private(set) var pattern: Int32 = -1

  /// The leaf of a schema, whose pattern is added to `patterns`.
  init(_ rules: SchemaNode.Rules, _ patterns: inout [Pattern]) {
    guard rules.verdict == nil, !rules.hasInPlace, rules.constants == nil, rules.array == nil,
      rules.object == nil, rules.unevaluatedItems == nil, rules.unevaluatedProperties == nil,
      rules.values.format == nil
    else { return }
    types = rules.types
    isWhole = types.contains(.integer) && !types.contains(.number)
    if let least = rules.values.minLength { bytesMin = least > 0 ? 4 * least - 3 : 0 }
    if let most = rules.values.maxLength { bytesMax = most }
    if rules.hasNumberRules {
      if let integers = rules.values.integers {
        (least, greatest) = (integers.lowerBound, integers.upperBound)
        isNotNegative = rules.values.isNotNegative
      } else {
        types.subtract([.number, .integer])
      }
    } else {
      takesNumbers = !isWhole
    }
    if let own = rules.values.pattern {
      pattern = Int32(truncatingIfNeeded: patterns.count)
      patterns.append(own)
    }
  }

  /// Whether a value is sound for certain, but for its pattern.
  @inline(__always)
  func isSound(_ entry: JSONTape.Entry, _ text: Span<UInt8>) -> Bool {
    switch entry.kind {
    case .string:
      let count = entry.range.count
      return types.contains(.string) && !entry.isEscaped && count >= bytesMin && count <= bytesMax
    case .number:
      guard !types.isDisjoint(with: [.number, .integer]) else { return false }
      if takesNumbers || isWhole && least == .min && greatest == .max && entry.isWhole {
        return true
      }
      if isNotNegative, !isWhole || entry.isWhole {
        return text[Int(entry.start)] != UInt8(ascii: "-")
      }
      guard let value = SchemaRun.integer(entry, text) else { return false }
      return least <= value && value <= greatest
    case .boolean: return types.contains(.boolean)
    case .null: return types.contains(.null)
    case .object: return types.contains(.object)
    case .array: return types.contains(.array)
    }
  }
}
