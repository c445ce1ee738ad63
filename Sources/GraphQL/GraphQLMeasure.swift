import Formats

/// What an operation asks for, with fragments where they are spread; sums stop at a bound.
struct GraphQLMeasure {
  static let bound = 1 << 40

  var depth = 0
  var fields = 0
  var rootFields = 0
  var aliases = 0
  var complexity = 0

  static func sum(_ left: Int, _ right: Int) -> Int { min(left + right, bound) }

  static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflows) = left.multipliedReportingOverflow(by: right)
    return overflows ? bound : min(product, bound)
  }

  /// Adds what stands at the same level.
  mutating func add(_ other: GraphQLMeasure) {
    depth = max(depth, other.depth)
    fields = GraphQLMeasure.sum(fields, other.fields)
    rootFields = GraphQLMeasure.sum(rootFields, other.rootFields)
    aliases = GraphQLMeasure.sum(aliases, other.aliases)
    complexity = GraphQLMeasure.sum(complexity, other.complexity)
  }

  /// Adds a field with what is below it, which may come `count` times.
  mutating func add(fieldOver inner: GraphQLMeasure, hasAlias: Bool, count: Int) {
    var own = GraphQLMeasure()
    own.depth = inner.depth + 1
    own.fields = GraphQLMeasure.sum(inner.fields, 1)
    own.rootFields = 1
    own.aliases = GraphQLMeasure.sum(inner.aliases, hasAlias ? 1 : 0)
    own.complexity = GraphQLMeasure.sum(GraphQLMeasure.product(inner.complexity, count), 1)
    add(own)
  }
}
