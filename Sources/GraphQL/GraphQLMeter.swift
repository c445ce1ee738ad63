import Formats

/// Measures operations; each fragment is measured once, so that spreads cannot multiply the work.
struct GraphQLMeter {
  /// Arguments that say how many elements a field brings.
  private static let countNames: Set<String> = ["first", "last", "limit", "take", "pageSize"]

  private let document: GraphQLDocument
  private let variables: JSONValue
  private var known: [String: GraphQLMeasure] = [:]
  private var open: Set<String> = []
  /// Whether the schema is asked for.
  private(set) var introspects = false

  init(_ document: GraphQLDocument, variables: JSONValue) {
    self.document = document
    self.variables = variables
  }

  /// What some selections ask for.
  mutating func measure(_ places: [Int]) throws(GraphQLFault) -> GraphQLMeasure {
    var measure = GraphQLMeasure()
    for place in places {
      let selection = document.selections[place]
      switch selection.content {
      case .field(let field):
        if field.name == "__schema" || field.name == "__type" { introspects = true }
        let inner = try self.measure(selection.children)
        measure.add(
          fieldOver: inner, hasAlias: field.alias != nil, count: count(field.arguments))
      case .inline: measure.add(try self.measure(selection.children))
      case .spread(let name): measure.add(try fragment(name, selection.offset))
      }
    }
    return measure
  }

  private mutating func fragment(
    _ name: String, _ offset: Int
  ) throws(GraphQLFault) -> GraphQLMeasure {
    if let measure = known[name] { return measure }
    guard let fragment = document.fragments[name] else {
      throw GraphQLFault("fragments", "a fragment that is defined", found: name, at: offset)
    }
    guard open.insert(name).inserted else {
      throw GraphQLFault(
        "fragments", "fragments that do not lead to themselves", found: name, at: offset)
    }
    let measure = try measure(fragment.selections)
    open.remove(name)
    known[name] = measure
    return measure
  }

  /// How often what is below a field may come: what its arguments say, or once.
  private func count(_ arguments: [GraphQLDocument.Argument]) -> Int {
    var count = 1
    for argument in arguments where GraphQLMeter.countNames.contains(argument.name) {
      switch argument.value {
      case .int(let number): count = max(count, number ?? GraphQLMeasure.bound)
      case .variable(let name): count = max(count, variables[name]?.integer ?? 1)
      default: break
      }
    }
    return count
  }
}
