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
    /// The schema within the document, as a reference.
    public var reference = "#"

    /// The defaults.
    public init() {}
  }

  let nodes: [SchemaNode]
  /// For each resource, the node of each dynamic anchor.
  let dynamicNodes: [[Int: Int]]
  let hasDynamic: Bool

  /// Compiles a document.
  public init(_ document: JSONValue, settings: Settings = Settings()) throws(SchemaFault) {
    var store = SchemaStore(given: settings.documents, dialect: settings.dialect)
    try store.add(document, address: settings.address)
    var compiler = SchemaCompiler(store, assertsFormats: settings.assertsFormats)
    nodes = try compiler.compile(settings.reference)
    dynamicNodes = compiler.dynamicNodes
    hasDynamic = !compiler.dynamicNames.isEmpty
  }

  /// Whether a text is what the schema says; `tape` was read from `text`.
  public func accepts(_ tape: JSONTape, of text: Span<UInt8>) -> Bool {
    var run = SchemaRun(self, tape.entries)
    return run.run(text)
  }

  /// The first ways in which a text is not what the schema says; none if it is.
  ///
  /// Who only wants to know whether there are any asks `accepts`, which is quicker.
  public func violations(
    _ tape: JSONTape, of text: Span<UInt8>, max: Int = 16
  ) -> [SchemaViolation] {
    var run = SchemaRun(self, tape.entries)
    run.violationsMax = max
    return run.run(text) ? [] : run.violations(text)
  }
}
