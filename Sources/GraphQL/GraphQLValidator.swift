import Formats

/// Holds documents against a schema (October 2021, §5); what the schema has no say in, the parser
/// has checked.
struct GraphQLValidator {
  /// A variable where it is used, and what is expected there.
  struct Usage {
    var variable: String
    var type: GraphQLDocument.TypeReference
    var hasDefault: Bool
    var offset: Int
  }

  /// What an operation or fragment uses itself.
  private struct Uses {
    var variables: [Usage] = []
    var fragments: Set<String> = []
  }

  let schema: GraphQLSchema
  let document: GraphQLDocument
  private var uses = Uses()
  private var fragmentUses: [String: Uses] = [:]
  private var usedFragments: Set<String> = []
  /// Steps that comparing fields may still take.
  var stepsLeft = 200_000

  init(_ schema: GraphQLSchema, _ document: GraphQLDocument) {
    self.schema = schema
    self.document = document
  }

  /// Refuses a document that breaks a rule; `variables` are those of the request, for the operation
  /// called `operationName`.
  mutating func check(
    operationName: String?, variables: JSONValue
  ) throws(GraphQLFault) {
    for fragment in document.fragments.values { try check(fragment) }
    for operation in document.operations {
      uses = Uses()
      try check(operation)
      try checkVariables(of: operation)
      if operationName == nil || operationName == "" || operation.name == operationName {
        try checkValues(variables, of: operation)
      }
    }
    for name in document.fragments.keys.sorted() where !usedFragments.contains(name) {
      throw fault("fragments", "fragments that are used", name, document.fragments[name]?.offset)
    }
  }

  func fault(
    _ rule: String, _ expected: String, _ found: String = "", _ offset: Int? = nil
  ) -> GraphQLFault {
    GraphQLFault(rule, expected, found: found, at: offset ?? 0)
  }

  // MARK: Definitions

  private mutating func check(_ operation: GraphQLDocument.Operation) throws(GraphQLFault) {
    guard let root = schema.roots[operation.kind.rawValue] else {
      throw fault(
        "operations", "a kind of operation that the schema has", operation.kind.rawValue,
        operation.offset)
    }
    for variable in operation.variables {
      guard schema.isInput(variable.type.name) else {
        throw fault("variables", "types for input", variable.type.text, operation.offset)
      }
      try check(variable.directives, at: "VARIABLE_DEFINITION")
      if let value = variable.value { try check(value, variable.type, false, operation.offset) }
    }
    try check(operation.directives, at: operation.kind.rawValue.uppercased())
    try check(operation.selections, of: root)
    try checkMerging(operation.selections, root)
  }

  private mutating func check(_ fragment: GraphQLDocument.Fragment) throws(GraphQLFault) {
    uses = Uses()
    guard schema.isComposite(fragment.type) else {
      throw fault("fragments", "a type with fields", fragment.type, fragment.offset)
    }
    try check(fragment.directives, at: "FRAGMENT_DEFINITION")
    try check(fragment.selections, of: fragment.type)
    fragmentUses[fragment.name] = uses
  }

  // MARK: Selections

  private mutating func check(_ places: [Int], of type: String) throws(GraphQLFault) {
    for place in places {
      let selection = document.selections[place]
      switch selection.content {
      case .field(let field): try check(field, selection, of: type)
      case .spread(let name):
        try check(selection.directives, at: "FRAGMENT_SPREAD")
        uses.fragments.insert(name)
        guard let fragment = document.fragments[name] else {
          throw fault("fragments", "a fragment that is defined", name, selection.offset)
        }
        try checkOverlap(fragment.type, type, selection.offset)
      case .inline(let condition):
        try check(selection.directives, at: "INLINE_FRAGMENT")
        let own = condition ?? type
        guard schema.isComposite(own) else {
          throw fault("fragments", "a type with fields", own, selection.offset)
        }
        try checkOverlap(own, type, selection.offset)
        try check(selection.children, of: own)
      }
    }
  }

  private func checkOverlap(
    _ own: String, _ type: String, _ offset: Int
  ) throws(GraphQLFault) {
    guard schema.overlap(own, type) else {
      throw fault("fragments", "a type that \(type) may be", own, offset)
    }
  }

  private mutating func check(
    _ field: GraphQLDocument.Field, _ selection: GraphQLDocument.Selection, of type: String
  ) throws(GraphQLFault) {
    guard let definition = schema.field(field.name, of: type) else {
      throw fault("fields", "a field of \(type)", field.name, selection.offset)
    }
    try check(selection.directives, at: "FIELD")
    try check(field.arguments, definition.arguments, selection.offset)
    let isLeaf = !schema.isComposite(definition.type.name)
    if isLeaf == selection.hasSet {
      throw fault(
        "fields", isLeaf ? "no selection below a single value" : "a selection below an object",
        field.name, selection.offset)
    }
    if !isLeaf { try check(selection.children, of: definition.type.name) }
  }

  // MARK: Arguments and directives

  private mutating func check(
    _ given: [GraphQLDocument.Argument], _ known: [String: GraphQLSchema.Input], _ offset: Int
  ) throws(GraphQLFault) {
    for argument in given {
      guard let input = known[argument.name] else {
        throw fault("arguments", "an argument that is defined", argument.name, offset)
      }
      try check(argument.value, input.type, input.hasDefault, offset)
    }
    for (name, input) in known where input.isRequired {
      guard given.contains(where: { $0.name == name }) else {
        throw fault("arguments", "the argument '\(name)'", "none", offset)
      }
    }
  }

  private mutating func check(
    _ directives: [GraphQLDocument.Directive], at location: String
  ) throws(GraphQLFault) {
    var seen: Set<String> = []
    for directive in directives {
      guard let known = schema.directives[directive.name] else {
        throw fault("directives", "a directive that is defined", directive.name, directive.offset)
      }
      guard known.locations.contains(location) else {
        throw fault(
          "directives", "a directive for \(location)", directive.name, directive.offset)
      }
      guard seen.insert(directive.name).inserted || known.isRepeatable else {
        throw fault("directives", "each directive once", directive.name, directive.offset)
      }
      try check(directive.arguments, known.arguments, directive.offset)
    }
  }

  // MARK: Variables

  mutating func use(_ usage: Usage) { uses.variables.append(usage) }

  private mutating func checkVariables(
    of operation: GraphQLDocument.Operation
  ) throws(GraphQLFault) {
    var usages = uses.variables
    var pending = Array(uses.fragments)
    var seen: Set<String> = []
    while let name = pending.popLast() {
      guard seen.insert(name).inserted, let own = fragmentUses[name] else { continue }
      usages += own.variables
      pending += own.fragments
    }
    usedFragments.formUnion(seen)
    var used: Set<String> = []
    for usage in usages {
      guard let variable = operation.variables.first(where: { $0.name == usage.variable }) else {
        throw fault("variables", "variables that are declared", usage.variable, usage.offset)
      }
      used.insert(usage.variable)
      // §5.8.5: a default on either side stands in for null.
      let hasDefault = usage.hasDefault || (variable.value.map { !$0.isNull } ?? false)
      let wanted = hasDefault && !variable.type.isRequired ? usage.type.nullable : usage.type
      guard variable.type.fits(wanted) else {
        throw fault("variables", "type \(usage.type.text)", variable.type.text, usage.offset)
      }
    }
    for variable in operation.variables where !used.contains(variable.name) {
      throw fault("variables", "variables that are used", variable.name, operation.offset)
    }
  }
}
