/// Holds requests against limits and, if there is one, a schema.
public struct GraphQLCheck: Sendable {
  /// How much a request may ask for.
  public var limits = GraphQLLimits()
  /// The types that documents are held against; nil if there are none.
  public var schema: GraphQLSchema?
  /// Whether requests may ask for the schema.
  public var allowsIntrospection = false

  /// Whether a request whose method is safe may change something.
  public var allowsUnsafeGet = false

  /// A check with the defaults.
  public init() {}

  /// Refuses a request that breaks a rule; `isSafe` is whether its method is, so that it must not
  /// change anything (GraphQL over HTTP, §5.3).
  public func check(_ request: GraphQLRequest, isSafe: Bool) throws(GraphQLFault) {
    guard let query = request.query else { throw GraphQLFault("request", "a document") }
    let document = try GraphQLParser.parse(Array(query.utf8), limits)
    try checkName(request, document)
    var meter = GraphQLMeter(document, variables: request.variables)
    for operation in document.operations {
      if isSafe, !allowsUnsafeGet, operation.kind != .query {
        throw GraphQLFault(
          "method", "a query where the method is GET", found: operation.kind.rawValue,
          at: operation.offset)
      }
      let measure = try meter.measure(operation.selections)
      if operation.kind == .subscription, measure.rootFields != 1 {
        throw GraphQLFault(
          "root-fields", "one field of a subscription", found: "\(measure.rootFields)",
          at: operation.offset)
      }
      try check(measure, operation.offset)
    }
    // Fragments that no operation spreads are measured too: they must end.
    for fragment in document.fragments.values { _ = try meter.measure(fragment.selections) }
    if meter.introspects, !allowsIntrospection {
      throw GraphQLFault("introspection", "no question about the schema")
    }
    guard let schema else { return }
    var validator = GraphQLValidator(schema, document)
    do throws(GraphQLFault) {
      try validator.check(operationName: request.operationName, variables: request.variables)
    } catch {
      // Names that a schema has must not be found out by guessing where it may not be asked for.
      throw allowsIntrospection
        ? error : GraphQLFault(error.rule, "what the schema allows", at: error.offset)
    }
  }

  /// Which operation is meant must be plain (October 2021, §6.1).
  private func checkName(
    _ request: GraphQLRequest, _ document: GraphQLDocument
  ) throws(GraphQLFault) {
    if let name = request.operationName, !name.isEmpty {
      guard document.operations.contains(where: { $0.name == name }) else {
        throw GraphQLFault("request", "'operationName' of an operation in the document")
      }
    } else if document.operations.count > 1 {
      throw GraphQLFault("request", "'operationName' where there are several operations")
    }
  }

  private func check(_ measure: GraphQLMeasure, _ offset: Int) throws(GraphQLFault) {
    let bounds = [
      ("depth", measure.depth, limits.depthMax), ("fields", measure.fields, limits.fieldsMax),
      ("root-fields", measure.rootFields, limits.rootFieldsMax),
      ("aliases", measure.aliases, limits.aliasesMax),
      ("complexity", measure.complexity, limits.complexityMax),
    ]
    for (rule, found, most) in bounds where found > most {
      let told = found == GraphQLMeasure.bound ? "far more" : "\(found)"
      throw GraphQLFault(rule, "at most \(most)", found: told, at: offset)
    }
  }
}
