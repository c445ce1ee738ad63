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
  var store: SchemaStore
  var rules: [SchemaNode.Rules?] = []
  private var pending: [(node: Int, location: Location)] = []
  private var numbers: [SchemaStore.Place: Int] = [:]
  /// Names of dynamic anchors that are referred to, by their numbers.
  var dynamicNames: [String] = []
  /// For each resource, the node of each dynamic anchor.
  private(set) var dynamicNodes: [[Int: Int]] = []

  init(_ store: SchemaStore, assertsFormats: Bool) {
    self.store = store
    self.assertsFormats = assertsFormats
  }

  /// Compiles what a reference from the first document leads to; it is node 0.
  mutating func compile(_ reference: String) throws(SchemaFault) -> [SchemaNode] {
    let root = try store.find(reference, from: 0, at: JSONPointer())
    _ = try node(root.place, root.resource)
    repeat {
      while let next = pending.popLast() {
        rules[next.node] = try read(next.location)
      }
      try addDynamic()
    } while !pending.isEmpty
    return rules.map { SchemaNode($0 ?? SchemaNode.Rules()) }
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
