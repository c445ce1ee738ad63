extension JSONValue {
  /// The value that a node of a document stands for.
  public init(_ node: Node) {
    switch node.kind {
    case .sequence: self = .array(node.elements.map { JSONValue($0) })
    case .mapping:
      var members: [JSONMember] = []
      members.reserveCapacity(node.count)
      for place in 0..<node.count {
        let (key, value) = node.pair(place)
        members.append(JSONMember(key.text ?? "", JSONValue(value)))
      }
      self = .object(members)
    case .scalar:
      switch node.scalar {
      case .boolean(let value): self = .boolean(value)
      case .integer(let number): self = .integer(number)
      case .number(let number): self = JSONNumber(number).map { .number($0) } ?? .null
      case .text(let text): self = .string(text)
      case .null, nil: self = .null
      }
    }
  }
}
