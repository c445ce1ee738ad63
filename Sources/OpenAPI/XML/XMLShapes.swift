import Formats

/// The shapes of the schemas that a description has for XML, which refer to one another by number.
final class XMLShapes: Sendable {
  private let all: [XMLShape]

  init(_ all: [XMLShape]) { self.all = all }

  subscript(number: Int) -> XMLShape { all[number] }
}

/// Reads the shapes of schemas, each once.
struct XMLShapeCompiler {
  /// Most shapes of one description; values of further ones are any.
  private static let shapesMax = 50_000
  /// How deep schemas for the same value are looked through.
  private static let depthMax = 16

  private let document: APIDocument
  private var shapes: [XMLShape] = []
  private var numbers: [[JSONPointer]: Int] = [:]
  private var pending: [(number: Int, places: [JSONPointer])] = []
  /// The members of a shape that is read, by name, with the places of their schemas.
  private var members: [(name: String, places: [JSONPointer])] = []

  init(_ document: APIDocument) { self.document = document }

  /// The number that the shape of the schemas at some places will have; they are about one value.
  mutating func number(of places: [JSONPointer]) -> Int {
    if let known = numbers[places] { return known }
    let number = shapes.count
    shapes.append(XMLShape())
    guard number < XMLShapeCompiler.shapesMax else { return number }
    numbers[places] = number
    pending.append((number, places))
    return number
  }

  /// Reads all that have a number.
  mutating func compile() -> XMLShapes {
    while let next = pending.popLast() { shapes[next.number] = read(next.places) }
    // What members are written as is in their own shapes.
    for number in shapes.indices {
      for place in shapes[number].members.indices {
        complete(&shapes[number].members[place])
      }
      if let items = shapes[number].items { shapes[number].itemName = shapes[items].name }
    }
    return XMLShapes(shapes)
  }

  private func complete(_ member: inout XMLShape.Member) {
    let shape = shapes[member.shape]
    member.place = shape.place
    if shape.isList, !shape.isWrapped, shape.place == .element {
      member.isRepeated = true
      member.written = (shape.items.map { shapes[$0].name } ?? XMLName()).or(member.name)
    } else {
      member.written = shape.name.or(member.name)
    }
  }

  private mutating func read(_ places: [JSONPointer]) -> XMLShape {
    var shape = XMLShape()
    members = []
    var items: [JSONPointer] = []
    var rest: [JSONPointer] = []
    for place in places { gather(place, into: &shape, &items, &rest, 0) }
    let found = members
    shape.members = found.map { member in
      XMLShape.Member(
        name: Array(member.name.utf8), shape: number(of: member.places), written: XMLName())
    }
    if !items.isEmpty { shape.items = number(of: items) }
    if !rest.isEmpty { shape.rest = number(of: rest) }
    if shape.kinds.isEmpty, shape.items != nil { shape.kinds.insert(.list) }
    return shape
  }

  /// Adds what the schema at a place says, and those that it leads to for the same value.
  private mutating func gather(
    _ place: JSONPointer, into shape: inout XMLShape, _ items: inout [JSONPointer],
    _ rest: inout [JSONPointer], _ depth: Int
  ) {
    guard depth < XMLShapeCompiler.depthMax, let schema = document.root[place] else { return }
    addXML(schema["xml"], to: &shape)
    if let reference = schema["$ref"]?.string, reference.hasPrefix("#"),
      let target = JSONPointer(fragment: String(reference.dropFirst()))
    {
      gather(target, into: &shape, &items, &rest, depth + 1)
    }
    addKinds(schema, to: &shape)
    if schema["items"] != nil { add(place.appending("items"), to: &items) }
    if case .object = schema["additionalProperties"] {
      add(place.appending("additionalProperties"), to: &rest)
    }
    for member in schema["properties"]?.members ?? [] {
      let own = place.appending("properties").appending(member.name)
      if let known = members.firstIndex(where: { $0.name == member.name }) {
        add(own, to: &members[known].places)
      } else {
        members.append((member.name, [own]))
      }
    }
    for word in ["allOf", "anyOf", "oneOf"] {
      for number in (schema[word]?.elements ?? []).indices {
        let part = place.appending(word).appending("\(number)")
        gather(part, into: &shape, &items, &rest, depth + 1)
      }
    }
  }

  private func add(_ place: JSONPointer, to places: inout [JSONPointer]) {
    if !places.contains(place) { places.append(place) }
  }

  private func addKinds(_ schema: JSONValue, to shape: inout XMLShape) {
    let types = schema["type"].map { $0.string.map { [$0] } ?? $0.elements.compactMap(\.string) }
    let kinds: [String: ValueShape.Kinds] = [
      "string": .text, "number": .number, "integer": .number, "boolean": .boolean, "null": .null,
      "array": .list, "object": .object,
    ]
    for type in types ?? [] { shape.kinds.formUnion(kinds[type] ?? []) }
    if schema["nullable"]?.boolean == true { shape.kinds.insert(.null) }
    guard types == nil else { return }
    if schema["properties"] != nil { shape.kinds.insert(.object) }
    for value in (schema["enum"]?.elements ?? []) + [schema["const"]].compactMap({ $0 }) {
      shape.kinds.formUnion(kinds[value.typeName] ?? [])
    }
  }

  /// Adds what an `xml` object says; the outermost of several counts.
  private func addXML(_ xml: JSONValue?, to shape: inout XMLShape) {
    guard let xml else { return }
    func text(_ word: String) -> [UInt8] { Array((xml[word]?.string ?? "").utf8) }
    if shape.name.local.isEmpty { shape.name.local = text("name") }
    if shape.name.namespace.isEmpty { shape.name.namespace = text("namespace") }
    if shape.name.prefix.isEmpty { shape.name.prefix = text("prefix") }
    // OpenAPI 3.2 says by `nodeType` what earlier versions say by two words.
    let node = xml["nodeType"]?.string
    if xml["attribute"]?.boolean == true || node == "attribute" { shape.place = .attribute }
    if node == "text" || node == "cdata" { shape.place = .text }
    if xml["wrapped"]?.boolean == true || node == "element" { shape.isWrapped = true }
  }
}
