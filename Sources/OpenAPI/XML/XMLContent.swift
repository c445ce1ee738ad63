import Base
import Formats

/// An XML text, made JSON by what its schema expects (OpenAPI 3.1 §4.8.26), so that there is one
/// meaning of a schema.
///
/// What is not described becomes members under the names of elements, and under `@` and the names
/// of attributes, which the schema then allows or not. What has no place in such a value at all,
/// such as text between elements, is a problem. The levels of elements bound how deep it recurses.
struct XMLContent {
  /// Attributes that say how to take an element (XML Schema Part 1 §2.6); one is known here.
  private static let instance = Array("http://www.w3.org/2001/XMLSchema-instance".utf8)

  private let tree: XMLTree
  private let shapes: XMLShapes
  /// Whether what may be a text as well as something else is taken for a text.
  private let asText: Bool
  private var json = JSONWriter()
  private var pointer = JSONPointer()

  private init(_ tree: XMLTree, _ shapes: XMLShapes, asText: Bool) {
    self.tree = tree
    self.shapes = shapes
    self.asText = asText
  }

  /// The JSON text; `root` is the number of the shape of the whole.
  static func json(
    _ tree: XMLTree, _ shapes: XMLShapes, root: Int, asText: Bool
  ) throws(XMLProblem) -> [UInt8] {
    var content = XMLContent(tree, shapes, asText: asText)
    let wanted = shapes[root].name
    let element = tree.elements[0]
    if !wanted.local.isEmpty,
      !wanted.fits(
        element.name, namespace: element.namespace, prefix: element.prefix, outer: [])
    {
      throw content.problem("the element '\(name(wanted.local))'", found: "another")
    }
    let shape = shapes[root]
    if shape.isList, !shape.isWrapped {
      try content.writeList(0, shape, itemName: shape.itemName)
    } else {
      try content.write(0, root, written: element.name)
    }
    return TextValue.bytes(&content.json)
  }

  private static func name(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func problem(_ expected: String, found: String) -> XMLProblem {
    XMLProblem(pointer: pointer.description, expected: expected, found: found)
  }

  // MARK: Values

  /// Writes the value of one element, which is called `written`.
  private mutating func write(
    _ place: Int, _ number: Int?, written: [UInt8]
  ) throws(XMLProblem) {
    let element = tree.elements[place]
    let shape = number.map { shapes[$0] } ?? XMLShape()
    if try isNil(element) { return json.null() }
    if shape.isList {
      return try writeList(place, shape, itemName: shape.itemName.or(written))
    }
    let hasOwn = element.attributes.contains { $0.namespace != XMLContent.instance }
    if shape.isObject || !element.children.isEmpty || hasOwn && shape.kinds.isEmpty {
      return try writeObject(place, shape)
    }
    guard !hasOwn else { throw problem("no attributes", found: "some") }
    try writeText(element.text, shape.kinds)
  }

  /// Whether an element says that it is null; no other attribute of that kind is taken, since they
  /// change what the element is, or where its rules are.
  private func isNil(_ element: XMLTree.Element) throws(XMLProblem) -> Bool {
    var isNil = false
    for attribute in element.attributes where attribute.namespace == XMLContent.instance {
      guard attribute.name == Array("nil".utf8) else {
        throw problem("no attribute of XML Schema but 'nil'", found: "another")
      }
      let value = XMLContent.name(attribute.value)
      guard ["true", "1", "false", "0"].contains(value) else {
        throw problem("'nil' true or false", found: "other")
      }
      isNil = value == "true" || value == "1"
    }
    guard isNil else { return false }
    guard element.children.isEmpty, element.text.isEmpty else {
      throw problem("nothing in an element that is null", found: "something")
    }
    return true
  }

  private mutating func writeText(
    _ text: [UInt8], _ kinds: ValueShape.Kinds
  ) throws(XMLProblem) {
    var shape = ValueShape()
    shape.kinds = kinds
    guard TextValue.write(text, shape, asText: asText, to: &json) else {
      throw problem("text", found: "other")
    }
  }

  private static func isBlank(_ text: [UInt8]) -> Bool {
    text.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  /// Writes the elements in an element as those of an array.
  private mutating func writeList(
    _ place: Int, _ shape: XMLShape, itemName: XMLName
  ) throws(XMLProblem) {
    let element = tree.elements[place]
    guard XMLContent.isBlank(element.text) else {
      throw problem("elements alone", found: "text")
    }
    guard element.attributes.isEmpty else { throw problem("no attributes", found: "some") }
    json.beginArray()
    for (count, child) in element.children.enumerated() {
      let own = tree.elements[child]
      pointer.tokens.append("\(count)")
      guard
        itemName.local.isEmpty
          || itemName.fits(
            own.name, namespace: own.namespace, prefix: own.prefix, outer: element.namespace)
      else {
        throw problem("the element '\(XMLContent.name(itemName.local))'", found: "another")
      }
      try write(child, shape.items, written: own.name)
      pointer.tokens.removeLast()
    }
    json.endArray()
  }

  // MARK: Objects

  private mutating func writeObject(_ place: Int, _ shape: XMLShape) throws(XMLProblem) {
    let element = tree.elements[place]
    json.beginObject()
    try writeAttributes(element, shape)
    if let member = shape.members.first(where: { $0.place == .text }), element.children.isEmpty {
      try write(member, value: element.text)
    } else if !XMLContent.isBlank(element.text) {
      throw problem("no text between elements", found: "some")
    }
    // Elements of one member stand together, whatever stands between them.
    var known: [Int: [Int]] = [:]
    var others: [[UInt8]: [Int]] = [:]
    var order: [(member: Int?, name: [UInt8])] = []
    for child in element.children {
      let own = tree.elements[child]
      if let member = shape.members.firstIndex(where: {
        $0.place == .element
          && $0.written.fits(
            own.name, namespace: own.namespace, prefix: own.prefix, outer: element.namespace)
      }) {
        if known[member] == nil { order.append((member, [])) }
        known[member, default: []].append(child)
      } else {
        let name = own.prefix.isEmpty ? own.name : own.prefix + [UInt8(ascii: ":")] + own.name
        guard !shape.members.contains(where: { $0.name == name }) else {
          throw problem("'\(XMLContent.name(name))' in its own place", found: "in another")
        }
        if others[name] == nil { order.append((nil, name)) }
        others[name, default: []].append(child)
      }
    }
    for (member, name) in order {
      if let member {
        try write(shape.members[member], known[member] ?? [])
      } else {
        try writeOther(name, others[name] ?? [], shape)
      }
    }
    json.endObject()
  }

  private mutating func writeAttributes(
    _ element: XMLTree.Element, _ shape: XMLShape
  ) throws(XMLProblem) {
    for attribute in element.attributes where attribute.namespace != XMLContent.instance {
      if let member = shape.members.first(where: {
        $0.place == .attribute
          && $0.written.fits(
            attribute.name, namespace: attribute.namespace, prefix: attribute.prefix, outer: [])
      }) {
        try write(member, value: attribute.value)
      } else {
        let prefix = attribute.prefix.isEmpty ? [] : attribute.prefix + [UInt8(ascii: ":")]
        let name = XMLContent.name([UInt8(ascii: "@")] + prefix + attribute.name)
        json.key(escaping: name)
        json.string(attribute.value.span)
      }
    }
  }

  /// Writes a member that stands in an attribute or as text.
  private mutating func write(
    _ member: XMLShape.Member, value: [UInt8]
  ) throws(XMLProblem) {
    json.key(escaping: XMLContent.name(member.name))
    pointer.tokens.append(XMLContent.name(member.name))
    try writeText(value, shapes[member.shape].kinds)
    pointer.tokens.removeLast()
  }

  /// Writes a member that stands in elements.
  private mutating func write(
    _ member: XMLShape.Member, _ children: [Int]
  ) throws(XMLProblem) {
    json.key(escaping: XMLContent.name(member.name))
    pointer.tokens.append(XMLContent.name(member.name))
    if member.isRepeated {
      json.beginArray()
      for (count, child) in children.enumerated() {
        pointer.tokens.append("\(count)")
        try write(child, shapes[member.shape].items, written: member.written.local)
        pointer.tokens.removeLast()
      }
      json.endArray()
    } else {
      guard children.count == 1 else { throw problem("one element", found: "several") }
      try write(children[0], member.shape, written: member.written.local)
    }
    pointer.tokens.removeLast()
  }

  /// Writes elements that are not described.
  private mutating func writeOther(
    _ name: [UInt8], _ children: [Int], _ shape: XMLShape
  ) throws(XMLProblem) {
    let text = XMLContent.name(name)
    let isList = shape.rest.map { shapes[$0].isList && !shapes[$0].isWrapped } ?? false
    json.key(escaping: text)
    pointer.tokens.append(text)
    let rest = isList ? shape.rest.flatMap { shapes[$0].items } : shape.rest
    if isList || children.count > 1 { json.beginArray() }
    for child in children { try write(child, rest, written: name) }
    if isList || children.count > 1 { json.endArray() }
    pointer.tokens.removeLast()
  }
}
