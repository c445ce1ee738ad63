import Formats

extension JSONValue {
  /// The value that a node of a YAML document stands for.
  init(_ node: Node) {
    switch node.kind {
    case .sequence: self = .array(node.elements.map { JSONValue($0) })
    case .mapping:
      self = .object(
        (0..<node.count).map { place in
          let (key, value) = node.pair(place)
          return JSONMember(key.text ?? "", JSONValue(value))
        })
    case .scalar:
      switch node.scalar {
      case .boolean(let value): self = .boolean(value)
      case .integer(let number): self = .integer(number)
      case .number(let number): self = .number(number)
      case .text(let text): self = .string(text)
      case .null, nil: self = .null
      }
    }
  }

  /// Reads JSON or else YAML; what is wrong with it is reported.
  static func parse(_ bytes: [UInt8], into diagnostics: Diagnostics) -> JSONValue? {
    if let value = JSONValue.read(bytes) { return value }
    return YAMLReader().read(bytes, into: diagnostics).map { JSONValue($0) }
  }
}
