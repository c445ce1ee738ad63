/// How much a GraphQL request may ask for; fragments count wherever they are spread.
public struct GraphQLLimits: Hashable, Sendable {
  /// Longest document, in bytes.
  public var bytesMax = 65_536
  /// Most tokens of a document.
  public var tokensMax = 5000
  /// Deepest nesting of fields.
  public var depthMax = 10
  /// Most fields of an operation.
  public var fieldsMax = 500
  /// Most fields at the root of an operation.
  public var rootFieldsMax = 20
  /// Most aliases of an operation.
  public var aliasesMax = 15
  /// Most directives of a document.
  public var directivesMax = 20
  /// Most fragments of a document.
  public var fragmentsMax = 20
  /// Most operations of a document.
  public var operationsMax = 10
  /// Most operations that are sent together.
  public var batchMax = 5
  /// Most elements of one list among arguments and variables.
  public var listMax = 1000
  /// Deepest nesting of values and types.
  public var valueDepthMax = 20
  /// Greatest cost: each field costs 1, and what is below a field that asks for a number of
  /// elements costs as often.
  public var complexityMax = 10_000

  /// The defaults.
  public init() {}
}
