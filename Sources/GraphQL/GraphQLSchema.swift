/// The types of a GraphQL service, as its schema describes them (October 2021, §3).
public struct GraphQLSchema: Sendable {
  /// What a type is.
  enum Kind: Sendable { case scalar, object, interface, union, enumeration, input }

  /// An argument of a field or directive, or a field of an input object.
  struct Input: Sendable {
    var type: GraphQLDocument.TypeReference
    var hasDefault: Bool

    /// Whether it must be given.
    var isRequired: Bool { type.isRequired && !hasDefault }
  }

  struct Field: Sendable {
    var type: GraphQLDocument.TypeReference
    var arguments: [String: Input]
  }

  struct Definition: Sendable {
    var kind: Kind
    var fields: [String: Field] = [:]
    var interfaces: Set<String> = []
    /// The types of a union, or the values of an enumeration.
    var members: Set<String> = []
    var inputs: [String: Input] = [:]
  }

  struct Directive: Sendable {
    var arguments: [String: Input]
    var locations: Set<String>
    var isRepeatable: Bool
  }

  var types: [String: Definition] = [:]
  var directives: [String: Directive] = [:]
  /// The types of operations, by the operations' words.
  var roots: [String: String] = [:]
  /// The object types that a value of each composite type may have.
  private(set) var possible: [String: Set<String>] = [:]

  init() {}

  /// Reads a schema in the language of types.
  public init(_ text: [UInt8]) throws(GraphQLFault) {
    self = try GraphQLParser.schema(text)
  }

  /// Completes the schema and checks that all it names is there.
  mutating func close() throws(GraphQLFault) {
    for (word, name) in [
      ("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"),
    ] where roots.isEmpty || roots[word] == nil {
      if !hasSchemaDefinition, types[name]?.kind == .object { roots[word] = name }
    }
    guard let query = roots["query"], types[query]?.kind == .object else {
      throw GraphQLFault("schema", "an object type for queries")
    }
    for (name, definition) in types {
      switch definition.kind {
      case .object:
        possible[name, default: []].insert(name)
        for interface in definition.interfaces {
          guard types[interface]?.kind == .interface else {
            throw GraphQLFault("schema", "an interface that is defined", found: interface)
          }
          possible[interface, default: []].insert(name)
        }
      case .union: possible[name, default: []].formUnion(definition.members)
      default: break
      }
      for member in definition.members where definition.kind == .union {
        guard types[member]?.kind == .object else {
          throw GraphQLFault("schema", "an object type in a union", found: member)
        }
      }
      try checkTypes(of: definition)
    }
  }

  /// Whether a definition of the schema itself says which types operations begin at.
  var hasSchemaDefinition = false

  private func checkTypes(of definition: Definition) throws(GraphQLFault) {
    for field in definition.fields.values {
      guard let type = types[field.type.name], type.kind != .input else {
        throw GraphQLFault("schema", "a type that is defined", found: field.type.name)
      }
      for input in field.arguments.values { try check(input) }
    }
    for input in definition.inputs.values { try check(input) }
  }

  private func check(_ input: Input) throws(GraphQLFault) {
    guard isInput(input.type.name) else {
      throw GraphQLFault("schema", "a type for input that is defined", found: input.type.name)
    }
  }

  // MARK: Questions

  /// Whether values of a type can be given.
  func isInput(_ name: String) -> Bool {
    switch types[name]?.kind {
    case .scalar, .enumeration, .input: true
    default: false
    }
  }

  /// Whether values of a type have fields.
  func isComposite(_ name: String) -> Bool {
    switch types[name]?.kind {
    case .object, .interface, .union: true
    default: false
    }
  }

  /// Whether a value may have both types (§5.5.2.3).
  func overlap(_ left: String, _ right: String) -> Bool {
    left == right || !(possible[left] ?? []).isDisjoint(with: possible[right] ?? [])
  }

  /// The field of a type, those that every type has included (§4.1, §4.2).
  func field(_ name: String, of type: String) -> Field? {
    if name == "__typename" { return GraphQLSchema.typeName }
    if type == roots["query"] {
      if name == "__schema" { return GraphQLSchema.schemaField }
      if name == "__type" { return GraphQLSchema.typeField }
    }
    return types[type]?.fields[name]
  }

  private static let typeName = Field(type: .required("String"), arguments: [:])
  private static let schemaField = Field(type: .required("__Schema"), arguments: [:])
  private static let typeField = Field(
    type: .optional("__Type"),
    arguments: ["name": Input(type: .required("String"), hasDefault: false)])
}

extension GraphQLDocument.TypeReference {
  /// A named type that may not be null.
  static func required(_ name: String) -> GraphQLDocument.TypeReference {
    GraphQLDocument.TypeReference(name: name, levels: [Level(isList: false, isRequired: true)])
  }

  /// A named type that may be null.
  static func optional(_ name: String) -> GraphQLDocument.TypeReference {
    GraphQLDocument.TypeReference(name: name, levels: [Level(isList: false, isRequired: false)])
  }

  /// Whether it may not be null.
  var isRequired: Bool { levels.last?.isRequired ?? false }

  /// Whether it is a list.
  var isList: Bool { levels.last?.isList ?? false }

  /// The type of a list's elements.
  var element: GraphQLDocument.TypeReference {
    GraphQLDocument.TypeReference(name: name, levels: Array(levels.dropLast()))
  }

  /// The same, but null is allowed.
  var nullable: GraphQLDocument.TypeReference {
    var type = self
    if !type.levels.isEmpty { type.levels[type.levels.count - 1].isRequired = false }
    return type
  }

  /// Whether a value of this type can stand where `other` is expected (§5.8.5).
  func fits(_ other: GraphQLDocument.TypeReference) -> Bool {
    guard name == other.name, levels.count == other.levels.count else { return false }
    return zip(levels, other.levels).allSatisfy { own, wanted in
      own.isList == wanted.isList && (own.isRequired || !wanted.isRequired)
    }
  }

  /// As it is written.
  var text: String {
    var text = name
    for level in levels {
      if level.isList { text = "[\(text)]" }
      if level.isRequired { text += "!" }
    }
    return text
  }
}
