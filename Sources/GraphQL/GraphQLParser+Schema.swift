/// The language of types (October 2021, §3).
extension GraphQLParser {
  /// Reads a schema; what every service has stands before it.
  static func schema(_ text: [UInt8]) throws(GraphQLFault) -> GraphQLSchema {
    var limits = GraphQLLimits()
    limits.tokensMax = 4_000_000
    limits.directivesMax = 1_000_000
    limits.listMax = 1_000_000
    var schema = GraphQLSchema()
    for source in [Array(standard.utf8), text] {
      var parser = GraphQLParser(source, limits)
      try parser.advance()
      while parser.token.kind != .end { try parser.typeSystem(&schema) }
    }
    try schema.close()
    return schema
  }

  private mutating func typeSystem(_ schema: inout GraphQLSchema) throws(GraphQLFault) {
    try skipDescription()
    var isExtension = false
    if word == "extend" {
      isExtension = true
      try advance()
    }
    let keyword = word
    switch keyword {
    case "schema": try roots(&schema, isExtension)
    case "directive": try directive(&schema)
    case "scalar", "type", "interface", "union", "enum", "input":
      try advance()
      try definition(keyword, &schema, isExtension)
    default: throw syntax("a definition of a type, a directive or the schema")
    }
  }

  private mutating func skipDescription() throws(GraphQLFault) {
    if token.kind == .string { try advance() }
  }

  private mutating func roots(
    _ schema: inout GraphQLSchema, _ isExtension: Bool
  ) throws(GraphQLFault) {
    try advance()
    _ = try directives()
    if !isExtension { schema.hasSchemaDefinition = true }
    guard try take("{") else { return }
    while try !take("}") {
      let word = try name("an operation")
      try expect(":")
      schema.roots[word] = try name("a type")
    }
  }

  private mutating func directive(_ schema: inout GraphQLSchema) throws(GraphQLFault) {
    try advance()
    try expect("@")
    let name = try name("a directive")
    let arguments = try inputs("(", ")")
    var isRepeatable = false
    if word == "repeatable" {
      isRepeatable = true
      try advance()
    }
    guard word == "on" else { throw syntax("'on'") }
    try advance()
    var locations: Set<String> = []
    _ = try take("|")
    repeat { locations.insert(try self.name("a location")) } while try take("|")
    schema.directives[name] = GraphQLSchema.Directive(
      arguments: arguments, locations: locations, isRepeatable: isRepeatable)
  }

  private mutating func definition(
    _ keyword: String, _ schema: inout GraphQLSchema, _ isExtension: Bool
  ) throws(GraphQLFault) {
    let offset = token.range.lowerBound
    let name = try name("a type")
    let kinds: [String: GraphQLSchema.Kind] = [
      "scalar": .scalar, "type": .object, "interface": .interface, "union": .union,
      "enum": .enumeration, "input": .input,
    ]
    guard let kind = kinds[keyword] else { throw syntax("a kind of type") }
    let known = schema.types[name]
    // A service may define a scalar that every service has.
    guard isExtension == (known != nil) || (kind == .scalar && known?.kind == .scalar),
      known == nil || known?.kind == kind
    else {
      throw GraphQLFault("schema", "types with names that differ", found: name, at: offset)
    }
    var own = known ?? GraphQLSchema.Definition(kind: kind)
    if word == "implements" {
      try advance()
      _ = try take("&")
      while token.kind == .name {
        own.interfaces.insert(try self.name("an interface"))
        _ = try take("&")
      }
    }
    _ = try directives()
    switch kind {
    case .scalar: break
    case .object, .interface:
      for field in try fields() { own.fields[field.name] = field.field }
    case .union:
      guard try take("=") else { break }
      _ = try take("|")
      repeat { own.members.insert(try self.name("a type")) } while try take("|")
    case .enumeration:
      guard try take("{") else { break }
      while try !take("}") {
        try skipDescription()
        own.members.insert(try self.name("a value"))
        _ = try directives()
      }
    case .input: own.inputs.merge(try inputs("{", "}")) { $1 }
    }
    schema.types[name] = own
  }

  private mutating func fields() throws(GraphQLFault) -> [(
    name: String, field: GraphQLSchema.Field
  )] {
    guard try take("{") else { return [] }
    var found: [(name: String, field: GraphQLSchema.Field)] = []
    while try !take("}") {
      try skipDescription()
      let name = try name("a field")
      let arguments = try inputs("(", ")")
      try expect(":")
      let type = try type()
      _ = try directives()
      found.append((name, GraphQLSchema.Field(type: type, arguments: arguments)))
    }
    return found
  }

  private mutating func inputs(
    _ begin: Unicode.Scalar, _ end: Unicode.Scalar
  ) throws(GraphQLFault) -> [String: GraphQLSchema.Input] {
    guard try take(begin) else { return [:] }
    var found: [String: GraphQLSchema.Input] = [:]
    while try !take(end) {
      try skipDescription()
      let name = try name("an argument")
      try expect(":")
      let type = try type()
      let hasDefault = try take("=")
      if hasDefault { _ = try value(isConstant: true) }
      _ = try directives()
      found[name] = GraphQLSchema.Input(type: type, hasDefault: hasDefault)
    }
    return found
  }

  /// What every service has (§3.5, §3.13, §4.2).
  private static let standard = """
    scalar Int scalar Float scalar String scalar Boolean scalar ID
    directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @deprecated(reason: String = "") on FIELD_DEFINITION | ENUM_VALUE
    directive @specifiedBy(url: String!) on SCALAR
    type __Schema { description: String types: [__Type!]! queryType: __Type! mutationType: __Type
      subscriptionType: __Type directives: [__Directive!]! }
    type __Type { kind: __TypeKind! name: String description: String specifiedByURL: String
      fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!]
      possibleTypes: [__Type!] enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
      inputFields(includeDeprecated: Boolean = false): [__InputValue!] ofType: __Type
      isOneOf: Boolean }
    enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
    type __Field { name: String! description: String
      args(includeDeprecated: Boolean = false): [__InputValue!]! type: __Type!
      isDeprecated: Boolean! deprecationReason: String }
    type __InputValue { name: String! description: String type: __Type! defaultValue: String
      isDeprecated: Boolean! deprecationReason: String }
    type __EnumValue { name: String! description: String isDeprecated: Boolean!
      deprecationReason: String }
    type __Directive { name: String! description: String locations: [String!]!
      args(includeDeprecated: Boolean = false): [__InputValue!]! isRepeatable: Boolean! }
    """
}
