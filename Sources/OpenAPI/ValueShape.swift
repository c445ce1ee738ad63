import Formats

/// What a schema expects of a value that comes as text, as far as that tells how to read the text.
struct ValueShape: Sendable {
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt8
    static let text = Kinds(rawValue: 1)
    static let number = Kinds(rawValue: 2)
    static let boolean = Kinds(rawValue: 4)
    static let null = Kinds(rawValue: 8)
    static let list = Kinds(rawValue: 16)
    static let object = Kinds(rawValue: 32)
  }

  /// How deep shapes are looked at: values as text have two levels at most.
  private static let depthMax = 12

  /// What may be there; empty if the schema does not say.
  var kinds: Kinds = []
  /// Whether it is a file's content, of which only the length is looked at.
  var isBinary = false
  /// The shape of elements, none or one.
  var items: [ValueShape] = []
  /// The shapes of members.
  var properties: [(name: [UInt8], shape: ValueShape)] = []

  var isList: Bool { kinds.contains(.list) }
  var isObject: Bool { kinds.contains(.object) && !kinds.contains(.list) }

  /// The shape of the member called `name`; one of any value if it is not known.
  func property(_ name: [UInt8]) -> ValueShape {
    properties.first { $0.name == name }?.shape ?? ValueShape()
  }

  init() {}

  /// The shape that a schema of `document` says.
  init(_ schema: JSONValue, in document: APIDocument) {
    self.init(schema, document, 0)
  }

  private init(_ schema: JSONValue, _ document: APIDocument, _ depth: Int) {
    guard depth < ValueShape.depthMax else { return }
    if let reference = schema["$ref"]?.string, reference.hasPrefix("#"),
      let pointer = JSONPointer(fragment: String(reference.dropFirst())),
      let target = document.root[pointer]
    {
      merge(ValueShape(target, document, depth + 1))
    }
    let types = schema["type"].map { $0.string.map { [$0] } ?? $0.elements.compactMap(\.string) }
    for type in types ?? [] {
      switch type {
      case "string": kinds.insert(.text)
      case "number", "integer": kinds.insert(.number)
      case "boolean": kinds.insert(.boolean)
      case "null": kinds.insert(.null)
      case "array": kinds.insert(.list)
      case "object": kinds.insert(.object)
      default: break
      }
    }
    if schema["format"]?.string == "binary" || schema["contentMediaType"] != nil {
      isBinary = true
    }
    if schema["nullable"]?.boolean == true { kinds.insert(.null) }
    if types == nil, schema["items"] != nil { kinds.insert(.list) }
    if types == nil, schema["properties"] != nil { kinds.insert(.object) }
    for value in (schema["enum"]?.elements ?? []) + [schema["const"]].compactMap({ $0 })
    where types == nil {
      switch value {
      case .string: kinds.insert(.text)
      case .integer, .number: kinds.insert(.number)
      case .boolean: kinds.insert(.boolean)
      default: break
      }
    }
    if let items = schema["items"] { self.items = [ValueShape(items, document, depth + 1)] }
    for member in schema["properties"]?.members ?? [] {
      properties.append((Array(member.name.utf8), ValueShape(member.value, document, depth + 1)))
    }
    for word in ["allOf", "anyOf", "oneOf"] {
      for part in schema[word]?.elements ?? [] { merge(ValueShape(part, document, depth + 1)) }
    }
  }

  private mutating func merge(_ other: ValueShape) {
    kinds.formUnion(other.kinds)
    if items.isEmpty { items = other.items }
    for property in other.properties {
      if let place = properties.firstIndex(where: { $0.name == property.name }) {
        properties[place].shape.kinds.formUnion(property.shape.kinds)
      } else {
        properties.append(property)
      }
    }
  }
}
