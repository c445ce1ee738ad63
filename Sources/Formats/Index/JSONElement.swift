/// One value of an index.
public struct JSONElement: Sendable {
  /// What it is a part of.
  public let index: JSONIndex
  let place: Int

  private var entry: JSONIndex.Entry { index.entries[place] }

  /// What the value is.
  public var kind: JSONIndex.Kind { entry.kind }

  /// The bytes of the value as they stand in the text; those of a string without its quotes.
  public var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

  // MARK: Objects and arrays

  /// The value of the member called `name`; nil if there is none, or if this is no object.
  public subscript(name: String) -> JSONElement? { member(name.utf8.span) }

  /// The value of the member called `name`; nil if there is none, or if this is no object.
  public func member(_ name: Span<UInt8>) -> JSONElement? {
    guard kind == .object else { return nil }
    var member = place + 1
    let end = Int(entry.next)
    while member < end {
      if JSONElement(index: index, place: member).isText(name) {
        return JSONElement(index: index, place: member + 1)
      }
      member = Int(index.entries[member + 1].next)
    }
    return nil
  }

  /// The names and values of an object, in their order; empty for anything else.
  public var members: [(name: String, value: JSONElement)] {
    guard kind == .object else { return [] }
    var found: [(name: String, value: JSONElement)] = []
    var member = place + 1
    while member < Int(entry.next) {
      let name = JSONElement(index: index, place: member).string ?? ""
      found.append((name, JSONElement(index: index, place: member + 1)))
      member = Int(index.entries[member + 1].next)
    }
    return found
  }

  /// The elements of an array, in their order; empty for anything else.
  public var elements: [JSONElement] {
    guard kind == .array else { return [] }
    var found: [JSONElement] = []
    var element = place + 1
    while element < Int(entry.next) {
      found.append(JSONElement(index: index, place: element))
      element = Int(index.entries[element].next)
    }
    return found
  }

  // MARK: Single values

  /// The text of a string in UTF-8, escapes undone; nil for anything else.
  public var textBytes: [UInt8]? {
    guard kind == .string else { return nil }
    let bytes = index.bytes
    return entry.isEscaped ? JSONEscape.text(bytes.span, entry) : Array(bytes[range])
  }

  /// The text of a string; nil for anything else.
  public var string: String? { textBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// Whether this is a string that says `text`.
  public func isText(_ text: Span<UInt8>) -> Bool {
    guard kind == .string else { return false }
    let bytes = index.bytes
    let span = bytes.span
    if entry.isEscaped {
      let own = JSONEscape.text(span, entry)
      return JSONElement.areEqual(own.span, text)
    }
    return JSONElement.areEqual(span.extracting(range), text)
  }

  /// A number as it stands in the text, if it is whole, without fraction and exponent, and fits.
  public var integer: Int64? {
    guard kind == .number else { return nil }
    return Int64(String(decoding: index.bytes[range], as: UTF8.self))
  }

  /// A number, rounded to a `Double`; nil if that is not finite, and for anything else.
  public var number: Double? {
    guard kind == .number, range.count <= 64 else { return nil }
    guard let value = Double(String(decoding: index.bytes[range], as: UTF8.self)),
      value.isFinite
    else { return nil }
    return value
  }

  /// Whether `true` stands here; nil for what is neither `true` nor `false`.
  public var boolean: Bool? {
    kind == .boolean ? index.bytes[range.lowerBound] == UInt8(ascii: "t") : nil
  }

  private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for at in left.indices where left[at] != right[at] { return false }
    return true
  }
}
