import Formats

/// The documents that a schema's references may lead to, and what stands at which address.
///
/// Nothing is ever fetched: what was not given, and is no meta-schema that is built in, is unknown.
struct SchemaStore {
  /// A place within a document.
  struct Place: Hashable {
    var document: Int
    var pointer: JSONPointer
  }

  /// A part of a document with an address of its own.
  struct Resource {
    var address: String
    var place: Place
    var dialect: SchemaDialect
    var anchors: [String: JSONPointer] = [:]
    var dynamicAnchors: [String: JSONPointer] = [:]
  }

  /// A schema that is not looked through yet.
  private struct Pending {
    var pointer: JSONPointer
    var value: JSONValue
    var resource: Int
  }

  private(set) var documents: [JSONValue] = []
  private(set) var resources: [Resource] = []
  private var byAddress: [String: Int] = [:]
  private var byPlace: [Place: Int] = [:]
  private let given: [String: JSONValue]
  private let standard: SchemaDialect

  init(given: [String: JSONValue], dialect: SchemaDialect) {
    self.given = given
    standard = dialect
  }

  /// Adds a document that came from `address`, and looks through it for addresses and anchors.
  mutating func add(_ document: JSONValue, address: String) throws(SchemaFault) {
    let number = documents.count
    documents.append(document)
    let place = Place(document: number, pointer: JSONPointer())
    var dialect = standard
    if standard.draft != .openAPI30, let named = document["$schema"]?.string {
      dialect = try self.dialect(named, at: place.pointer)
    }
    let root = addResource(address, place, dialect)
    var pending = [Pending(pointer: place.pointer, value: document, resource: root)]
    while let next = pending.popLast() {
      pending += try enter(next, document: number)
    }
  }

  /// Looks for addresses and anchors in a schema that stands in the first document, where nothing
  /// that is looked at leads to it.
  mutating func look(through schema: JSONValue, at pointer: JSONPointer) throws(SchemaFault) {
    var pending = [Pending(pointer: pointer, value: schema, resource: 0)]
    while let next = pending.popLast() {
      pending += try enter(next, document: 0)
    }
  }

  private mutating func addResource(
    _ address: String, _ place: Place, _ dialect: SchemaDialect
  ) -> Int {
    resources.append(Resource(address: address, place: place, dialect: dialect))
    byAddress[address] = resources.count - 1
    byPlace[place] = resources.count - 1
    return resources.count - 1
  }

  private func dialect(_ address: String, at pointer: JSONPointer) throws(SchemaFault)
    -> SchemaDialect
  {
    if let known = SchemaDialect(address: address) { return known }
    guard let own = given[SchemaAddress(address).document] else {
      throw SchemaFault("'$schema' is none that is known", at: pointer)
    }
    let words = own["$vocabulary"]?.members.map(\.name)
    let checks = words?.contains { $0.hasSuffix("/vocab/validation") } ?? true
    return SchemaDialect(.draft2020, checksValues: checks)
  }

  /// Enters what one schema says of itself, and returns the schemas in it.
  private mutating func enter(
    _ schema: Pending, document: Int
  ) throws(SchemaFault) -> [Pending] {
    guard case .object(let object) = schema.value else { return [] }
    var resource = schema.resource
    var dialect = resources[resource].dialect
    let isVoid = dialect.referenceStandsAlone && object["$ref"]?.string != nil
    if !isVoid, let id = dialect.idWord.flatMap({ object[$0]?.string }) {
      let address = SchemaAddress.resolve(id, against: resources[resource].address)
      if id.hasPrefix("#"), dialect.referenceStandsAlone {
        resources[resource].anchors[String(id.dropFirst())] = schema.pointer
      } else {
        if let named = object["$schema"]?.string {
          dialect = try self.dialect(named, at: schema.pointer)
        }
        let place = Place(document: document, pointer: schema.pointer)
        resource = addResource(address.document, place, dialect)
      }
    }
    if dialect.draft == .draft2020 {
      if let name = object["$anchor"]?.string {
        resources[resource].anchors[name] = schema.pointer
      }
      if let name = object["$dynamicAnchor"]?.string {
        resources[resource].dynamicAnchors[name] = schema.pointer
      }
    }
    return isVoid ? [] : parts(of: object, dialect, schema.pointer, resource)
  }

  private func parts(
    of object: JSONObject, _ dialect: SchemaDialect, _ pointer: JSONPointer, _ resource: Int
  ) -> [Pending] {
    var found: [Pending] = []
    for word in dialect.schemaWords {
      guard let value = object[word], case .object = value else { continue }
      found.append(Pending(pointer: pointer.appending(word), value: value, resource: resource))
    }
    for word in dialect.arrayWords {
      for (place, value) in (object[word]?.elements ?? []).enumerated() {
        let own = pointer.appending(word).appending("\(place)")
        found.append(Pending(pointer: own, value: value, resource: resource))
      }
    }
    for word in dialect.mapWords {
      for member in object[word]?.members ?? [] {
        let own = pointer.appending(word).appending(member.name)
        found.append(Pending(pointer: own, value: member.value, resource: resource))
      }
    }
    return found
  }

  // MARK: Finding

  /// The number of the resource that begins at a place.
  func resource(at place: Place) -> Int? { byPlace[place] }

  /// What stands at a place.
  func value(at place: Place) -> JSONValue? { documents[place.document][place.pointer] }

  /// The resource at an address without fragment, read now if it was given and not read yet.
  private mutating func resource(
    _ address: String, at pointer: JSONPointer
  ) throws(SchemaFault) -> Int {
    if let known = byAddress[address] { return known }
    guard let document = given[address] ?? MetaSchemas.document(address) else {
      throw SchemaFault("a reference to '\(address)', which was not given", at: pointer)
    }
    try add(document, address: address)
    guard let known = byAddress[address] else {
      throw SchemaFault("a reference to '\(address)', which was not given", at: pointer)
    }
    return known
  }

  /// Where a reference leads to, in which resource, and by which anchor if that is dynamic.
  mutating func find(
    _ reference: String, from base: Int, at pointer: JSONPointer
  ) throws(SchemaFault) -> (place: Place, resource: Int, dynamicAnchor: String?) {
    let address = SchemaAddress.resolve(reference, against: resources[base].address)
    let number = try resource(address.document, at: pointer)
    let root = resources[number].place
    guard let fragment = address.fragment, !fragment.isEmpty else { return (root, number, nil) }
    if fragment.hasPrefix("/") {
      guard let way = JSONPointer(fragment: fragment) else {
        throw SchemaFault("'\(reference)' is no JSON Pointer", at: pointer)
      }
      var place = root
      var inner = number
      for token in way.tokens {
        place.pointer.tokens.append(token)
        inner = byPlace[place] ?? inner
      }
      guard value(at: place) != nil else {
        throw SchemaFault("the reference '\(reference)' leads nowhere", at: pointer)
      }
      return (place, inner, nil)
    }
    if let found = resources[number].anchors[fragment] {
      return (Place(document: root.document, pointer: found), number, nil)
    }
    if let found = resources[number].dynamicAnchors[fragment] {
      return (Place(document: root.document, pointer: found), number, fragment)
    }
    throw SchemaFault("the reference '\(reference)' leads nowhere", at: pointer)
  }
}
