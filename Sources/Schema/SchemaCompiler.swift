import Formats
import Pattern

/// Compiles schemas to nodes: whatever a reference leads to once, and nothing else.
struct SchemaCompiler {
  /// Most schemas that one program has.
  static let nodesMax = 100_000

  struct Location {
    var place: SchemaStore.Place
    var resource: Int
    var value: JSONValue
  }

  let assertsFormats: Bool
  let isForRequests: Bool
  var store: SchemaStore
  var rules: [SchemaNode.Rules?] = []
  private var pending: [(node: Int, location: Location)] = []
  private var numbers: [SchemaStore.Place: Int] = [:]
  /// Names of dynamic anchors that are referred to, by their numbers.
  var dynamicNames: [String] = []
  /// For each resource, the node of each dynamic anchor.
  private(set) var dynamicNodes: [[Int: Int]] = []

  init(_ store: SchemaStore, _ settings: JSONSchema.Settings) {
    self.store = store
    assertsFormats = settings.assertsFormats
    isForRequests = settings.isForRequests
  }

  /// The number of what a reference from the first document leads to.
  mutating func root(_ reference: String) throws(SchemaFault) -> Int {
    let root = try store.find(reference, from: 0, at: JSONPointer())
    return try node(root.place, root.resource)
  }

  /// The number of what stands at a place of the first document.
  mutating func root(at pointer: JSONPointer) throws(SchemaFault) -> Int {
    try node(SchemaStore.Place(document: 0, pointer: pointer), 0)
  }

  /// Compiles the roots and all that they lead to.
  mutating func compile() throws(SchemaFault) -> SchemaProgram {
    repeat {
      while let next = pending.popLast() {
        rules[next.node] = try read(next.location)
      }
      try addDynamic()
    } while !pending.isEmpty
    return SchemaProgram(
      rules.map { SchemaNode($0 ?? SchemaNode.Rules()) }, dynamicNodes: dynamicNodes,
      hasDynamic: !dynamicNames.isEmpty)
  }

  /// Compiles every anchor that a dynamic reference may lead to.
  private mutating func addDynamic() throws(SchemaFault) {
    dynamicNodes = []
    for number in store.resources.indices {
      var nodes: [Int: Int] = [:]
      for (anchor, name) in dynamicNames.enumerated() {
        guard let pointer = store.resources[number].dynamicAnchors[name] else { continue }
        let document = store.resources[number].place.document
        nodes[anchor] = try node(.init(document: document, pointer: pointer), number)
      }
      dynamicNodes.append(nodes)
    }
  }

  /// The number of the schema at a place, which is compiled later if it is new.
  mutating func node(
    _ place: SchemaStore.Place, _ resource: Int
  ) throws(SchemaFault) -> Int {
    if let known = numbers[place] { return known }
    guard rules.count < SchemaCompiler.nodesMax else {
      throw SchemaFault("too many schemas", at: place.pointer)
    }
    guard let value = store.value(at: place) else {
      throw SchemaFault("no schema here", at: place.pointer)
    }
    numbers[place] = rules.count
    let own = store.resource(at: place) ?? resource
    pending.append((rules.count, Location(place: place, resource: own, value: value)))
    rules.append(nil)
    return rules.count - 1
  }

  /// The number of a schema within another.
  mutating func part(
    _ location: Location, _ tokens: String...
  ) throws(SchemaFault) -> Int {
    var place = location.place
    place.pointer.tokens += tokens
    return try node(place, location.resource)
  }

  /// The number of the schema that a word has, if it has one.
  mutating func part(optional location: Location, _ word: String) throws(SchemaFault) -> Int? {
    location.value[word] == nil ? nil : try part(location, word)
  }

  /// The numbers of the schemas of an array.
  mutating func parts(_ location: Location, _ word: String) throws(SchemaFault) -> [Int] {
    guard let value = location.value[word] else { return [] }
    guard case .array(let elements) = value else {
      throw SchemaFault("'\(word)' is no array", at: location.place.pointer)
    }
    var found: [Int] = []
    for place in elements.indices { found.append(try part(location, word, "\(place)")) }
    return found
  }

  func fault(_ word: String, _ expected: String, _ location: Location) -> SchemaFault {
    SchemaFault("'\(word)' is not \(expected)", at: location.place.pointer.appending(word))
  }

  func pattern(_ source: String, _ location: Location) throws(SchemaFault) -> Pattern {
    do throws(PatternFault) {
      return try Pattern(source)
    } catch {
      throw SchemaFault("\(error)", at: location.place.pointer)
    }
  }
}
