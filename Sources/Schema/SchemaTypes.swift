import Formats

/// A set of the types that JSON Schema knows.
struct SchemaTypes: OptionSet, Sendable {
  let rawValue: UInt8

  static let object = SchemaTypes(rawValue: 1)
  static let array = SchemaTypes(rawValue: 2)
  static let string = SchemaTypes(rawValue: 4)
  static let number = SchemaTypes(rawValue: 8)
  static let integer = SchemaTypes(rawValue: 16)
  static let boolean = SchemaTypes(rawValue: 32)
  static let null = SchemaTypes(rawValue: 64)
  static let all = SchemaTypes(rawValue: 127)

  static let named: [(String, SchemaTypes)] = [
    ("object", .object), ("array", .array), ("string", .string), ("number", .number),
    ("integer", .integer), ("boolean", .boolean), ("null", .null),
  ]

  /// The type called `name`.
  init?(_ name: String) {
    guard let found = SchemaTypes.named.first(where: { $0.0 == name }) else { return nil }
    self = found.1
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The type of a value of a tape; a number is just that.
  init(_ kind: JSONTape.Kind) {
    switch kind {
    case .object: self = .object
    case .array: self = .array
    case .string: self = .string
    case .number: self = .number
    case .boolean: self = .boolean
    case .null: self = .null
    }
  }

  /// Their names, as `integer or null`.
  var text: String {
    SchemaTypes.named.filter { contains($0.1) }.map(\.0).joined(separator: " or ")
  }
}
