import Formats
import Pattern

/// Compiles schemas to nodes: whatever a reference leads to once, and nothing else.
struct SchemaCompiler {
  /// Most schemas that one program has.
  static let nodesMax = 100_000

  /// What a schema is about, where objects may have no members but those that are described.
  enum Use: UInt8 {
    /// Nothing is closed here or below.
    case open
    /// A value that another schema is about as well, which closes it.
    case part
    /// A value of its own.
    case value
  }

  struct Location {
    var place: SchemaStore.Place
    var resource: Int
    var value: JSONValue
    var use: Use

    /// The use of schemas for values below this one's.
    var inner: Use { use == .open ? .open : .value }
    /// The use of schemas for the same value.
    var same: Use { use == .open ? .open : .part }
  }

  private struct Key: Hashable {
    var place: SchemaStore.Place
    var use: Use
  }

  let settings: JSONSchema.Settings
  var store: SchemaStore
  var rules: [SchemaNode.Rules?] = []
  private var pending: [(node: Int, location: Location)] = []
  private var numbers: [Key: Int] = [:]
  /// The number of a schema that nothing holds; -1 before there is one.
  private var nothing = -1
  /// Names of dynamic anchors that are referred to, by their numbers.
  var dynamicNames: [String] = []
  /// For each resource, the node of each dynamic anchor.
  private(set) var dynamicNodes: [[Int: Int]] = []

  init(_ store: SchemaStore, _ settings: JSONSchema.Settings) {
    self.store = store
    self.settings = settings
  }

  /// How the outermost schemas are used.
  private var outermost: Use { settings.closesObjects ? .value : .open }

  /// The number of what a reference from the first document leads to.
  mutating func root(_ reference: String) throws(SchemaFault) -> Int {
    let root = try store.find(reference, from: 0, at: JSONPointer())
    return try node(root.place, root.resource, outermost)
  }

  /// The number of what stands at a place of the first document.
  mutating func root(at pointer: JSONPointer) throws(SchemaFault) -> Int {
    try node(SchemaStore.Place(document: 0, pointer: pointer), 0, outermost)
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
        nodes[anchor] = try node(.init(document: document, pointer: pointer), number, .open)
      }
      dynamicNodes.append(nodes)
    }
  }

  /// The number of the schema at a place, which is compiled later if it is new.
  mutating func node(
    _ place: SchemaStore.Place, _ resource: Int, _ use: Use
  ) throws(SchemaFault) -> Int {
    if let known = numbers[Key(place: place, use: use)] { return known }
    guard rules.count < SchemaCompiler.nodesMax else {
      throw SchemaFault("too many schemas", at: place.pointer)
    }
    guard let value = store.value(at: place) else {
      throw SchemaFault("no schema here", at: place.pointer)
    }
    numbers[Key(place: place, use: use)] = rules.count
    let own = store.resource(at: place) ?? resource
    pending.append((rules.count, Location(place: place, resource: own, value: value, use: use)))
    rules.append(nil)
    return rules.count - 1
  }

  /// The number of a schema that nothing holds.
  mutating func impossible() -> Int {
    if nothing >= 0 { return nothing }
    var rules = SchemaNode.Rules()
    rules.verdict = false
    nothing = self.rules.count
    self.rules.append(rules)
    return nothing
  }

  /// The number of a schema within another.
  mutating func part(
    _ location: Location, _ tokens: String..., as use: Use
  ) throws(SchemaFault) -> Int {
    var place = location.place
    place.pointer.tokens += tokens
    return try node(place, location.resource, use)
  }

  /// The number of the schema that a word has, if it has one.
  mutating func part(
    optional location: Location, _ word: String, as use: Use
  ) throws(SchemaFault) -> Int? {
    location.value[word] == nil ? nil : try part(location, word, as: use)
  }

  /// The numbers of the schemas of an array.
  mutating func parts(
    _ location: Location, _ word: String, as use: Use
  ) throws(SchemaFault) -> [Int] {
    guard let value = location.value[word] else { return [] }
    guard case .array(let elements) = value else {
      throw SchemaFault("'\(word)' is no array", at: location.place.pointer)
    }
    var found: [Int] = []
    for place in elements.indices { found.append(try part(location, word, "\(place)", as: use)) }
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
