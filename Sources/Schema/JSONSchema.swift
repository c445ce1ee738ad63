public import Formats

/// A schema, compiled: it checks texts on their tape, without making a tree.
///
/// JSON Schema 2020-12, draft 7 and 4, and OpenAPI 3.0's schemas. References lead into the document
/// itself, into documents that are given with it, and to the meta-schemas; nothing is fetched.
public struct JSONSchema: Sendable {
  /// How a schema is to be taken.
  public struct Settings: Sendable {
    /// The dialect of documents that do not name theirs by `$schema`.
    public var dialect = SchemaDialect.draft2020
    /// Whether `format` is checked; by the standard it is a remark.
    public var assertsFormats = false
    /// The address that the document came from, against which references are resolved.
    public var address = ""
    /// Other documents that references may lead to, by their addresses.
    public var documents: [String: JSONValue] = [:]
    /// Which way the messages go that the schema describes.
    public var direction = SchemaDirection.none
    /// Whether objects may have no members but those that are described, where the schema says
    /// nothing of others.
    public var closesObjects = false
    /// Whether `discriminator` chooses among the forms of `oneOf` or `anyOf`.
    public var readsDiscriminators = false
    /// The schema within the document, as a reference.
    public var reference = "#"

    /// The defaults.
    public init() {}
  }

  let program: SchemaProgram
  /// The number of the schema among the program's.
  let root: Int

  /// Compiles a document, or the part of it that the settings name.
  public init(_ document: JSONValue, settings: Settings = Settings()) throws(SchemaFault) {
    var store = SchemaStore(given: settings.documents, dialect: settings.dialect)
    try store.add(document, address: settings.address)
    var compiler = SchemaCompiler(store, settings)
    root = try compiler.root(settings.reference)
    program = try compiler.compile()
  }

  private init(_ program: SchemaProgram, root: Int) {
    self.program = program
    self.root = root
  }

  /// Compiles schemas that stand in one document, such as an API's description, and share parts.
  ///
  /// The settings' `reference` is not looked at. The schemas are in the order of `places`.
  public static func all(
    at places: [JSONPointer], of document: JSONValue, settings: Settings = Settings()
  ) throws(SchemaFault) -> [JSONSchema] {
    var store = SchemaStore(given: settings.documents, dialect: settings.dialect)
    try store.add(document, address: settings.address)
    for member in document["components"]?["schemas"]?.members ?? [] {
      try store.look(
        through: member.value, at: JSONPointer(["components", "schemas", member.name]))
    }
    for place in places {
      if let value = document[place] { try store.look(through: value, at: place) }
    }
    var compiler = SchemaCompiler(store, settings)
    var roots: [Int] = []
    for place in places { roots.append(try compiler.root(at: place)) }
    let program = try compiler.compile()
    return roots.map { JSONSchema(program, root: $0) }
  }

  /// Whether a text is what the schema says; `tape` was read from `text`.
  public func accepts(_ tape: borrowing JSONTape, of text: Span<UInt8>) -> Bool {
    if tape.isEmpty { return false }
    var run = SchemaRun(program, tape)
    return run.run(root, text)
  }

  /// The first ways in which a text is not what the schema says; none if it is.
  ///
  /// Who only wants to know whether there are any asks `accepts`, which is quicker.
  public func violations(
    _ tape: borrowing JSONTape, of text: Span<UInt8>, max: Int = 16
  ) -> [SchemaViolation] {
    if tape.isEmpty { return [SchemaViolation.unread] }
    var run = SchemaRun(program, tape)
    run.violationsMax = max
    return run.run(root, text) ? [] : run.violations(text)
  }
}
