import Base

/// A JSON value (RFC 8259) as a tree: members keep their order, numbers are exact.
public indirect enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int)
  /// Any other number.
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads a text.
  public init(parsing text: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFault) {
    self.init(try JSONIndex(text, limits: limits).root)
  }

  /// Reads a text.
  public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONFault) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }

  /// An object of these members.
  public static func object(_ members: [JSONMember]) -> JSONValue { .object(JSONObject(members)) }

  // MARK: Parts

  /// The value of the member called `name`; nil if there is none, or if this is no object.
  public subscript(name: String) -> JSONValue? {
    if case .object(let object) = self { return object[name] }
    return nil
  }

  /// The element at `place`; nil if there is none, or if this is no array.
  public subscript(place: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(place) else { return nil }
    return elements[place]
  }

  /// The value that a pointer leads to (RFC 6901 §4); nil if it leads nowhere.
  public subscript(pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      let next: JSONValue?
      switch value {
      case .object(let object): next = object[token]
      case .array: next = JSONPointer.place(token).flatMap { value[$0] }
      default: next = nil
      }
      guard let next else { return nil }
      value = next
    }
    return value
  }

  /// The members of an object; none for the others.
  public var members: [JSONMember] {
    if case .object(let object) = self { return object.members }
    return []
  }

  /// The elements of an array; none for the others.
  public var elements: [JSONValue] {
    if case .array(let elements) = self { return elements }
    return []
  }

  // MARK: Single values

  /// The text of a string; nil for the others.
  public var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// A whole number that fits, however it was written; nil for the others.
  public var integer: Int? {
    switch self {
    case .integer(let number): number
    case .number(let number): number.integer
    default: nil
    }
  }

  /// A number, rounded; nil for the others.
  public var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number.double
    default: nil
    }
  }

  /// A truth value; nil for the others.
  public var boolean: Bool? {
    if case .boolean(let value) = self { return value }
    return nil
  }

  /// Whether this is `null`.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The name of its type, as schemas call it.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  // MARK: As text

  /// The value as JSON text, on one line; the same for the same tree.
  public var serialized: String {
    var json = JSONWriter()
    json.value(self)
    return String(decoding: json.buffer.storage[..<json.buffer.writeIndex], as: UTF8.self)
  }
}

extension JSONValue: Hashable {
  /// Whether both are the same value: numbers by value, strings character by character without
  /// regard to Unicode's equivalences, objects whatever the order of their members.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.integer(let left), .number(let right)): JSONNumber(left) == right
    case (.number(let left), .integer(let right)): left == JSONNumber(right)
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// The same for values that are equal.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let number): hasher.combine(JSONNumber(number))
    case .number(let number): hasher.combine(number)
    case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
    case .array(let elements): hasher.combine(elements)
    case .object(let object): hasher.combine(object)
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// An array of these elements.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object of these members, in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { JSONMember($0.0, $0.1) })
  }
}
