/// Reads a document (GraphQL, October 2021, §2); recursion is bounded by the limits.
struct GraphQLParser {
  /// Levels of selections beyond those of fields that are looked at: inline fragments.
  private static let inlineDepthMax = 32

  private var lexer: GraphQLLexer
  private(set) var token = GraphQLToken(kind: .end, range: 0..<0)
  private let limits: GraphQLLimits
  private var document = GraphQLDocument()
  private var depth = 0

  init(_ text: [UInt8], _ limits: GraphQLLimits) {
    lexer = GraphQLLexer(text, tokensMax: limits.tokensMax)
    self.limits = limits
  }

  /// Reads a whole document.
  static func parse(
    _ text: [UInt8], _ limits: GraphQLLimits
  ) throws(GraphQLFault) -> GraphQLDocument {
    guard text.count <= limits.bytesMax else {
      throw GraphQLFault("bytes", "at most \(limits.bytesMax) bytes", found: "\(text.count)")
    }
    var parser = GraphQLParser(text, limits)
    try parser.advance()
    while parser.token.kind != .end { try parser.definition() }
    guard !parser.document.operations.isEmpty else {
      throw GraphQLFault("syntax", "an operation", at: text.count)
    }
    return parser.document
  }

  // MARK: Tokens

  mutating func advance() throws(GraphQLFault) { token = try lexer.next() }

  func syntax(_ expected: String) -> GraphQLFault {
    GraphQLFault("syntax", expected, at: token.range.lowerBound)
  }

  private func isMark(_ character: Unicode.Scalar) -> Bool {
    token.kind == .mark(UInt8(ascii: character))
  }

  mutating func take(_ character: Unicode.Scalar) throws(GraphQLFault) -> Bool {
    guard isMark(character) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(GraphQLFault) {
    guard try take(character) else { throw syntax("'\(character)'") }
  }

  var word: String {
    token.kind == .name ? String(decoding: lexer.text[token.range], as: UTF8.self) : ""
  }

  mutating func name(_ expected: String = "a name") throws(GraphQLFault) -> String {
    guard token.kind == .name else { throw syntax(expected) }
    let name = word
    try advance()
    return name
  }

  // MARK: Definitions

  private mutating func definition() throws(GraphQLFault) {
    let offset = token.range.lowerBound
    if isMark("{") {
      return try add(
        GraphQLDocument.Operation(
          kind: .query, name: nil, selections: try selectionSet(), offset: offset))
    }
    if word == "fragment" {
      try advance()
      return try fragment(offset)
    }
    guard let kind = GraphQLDocument.Kind(rawValue: word) else {
      throw syntax("an operation or a fragment")
    }
    try advance()
    let name = token.kind == .name ? try name() : nil
    let variables = try variables()
    let directives = try directives()
    try add(
      GraphQLDocument.Operation(
        kind: kind, name: name, variables: variables, directives: directives,
        selections: try selectionSet(), offset: offset))
  }

  private mutating func add(_ operation: GraphQLDocument.Operation) throws(GraphQLFault) {
    guard document.operations.count < limits.operationsMax else {
      throw GraphQLFault(
        "operations", "at most \(limits.operationsMax) operations", found: "more",
        at: operation.offset)
    }
    // §5.2.1.1: names are unique; §5.2.2.1: one without a name stands alone.
    if document.operations.contains(where: { $0.name == operation.name || $0.name == nil })
      || (operation.name == nil && !document.operations.isEmpty)
    {
      throw GraphQLFault("operations", "operations with names that differ", at: operation.offset)
    }
    document.operations.append(operation)
  }

  private mutating func fragment(_ offset: Int) throws(GraphQLFault) {
    guard word != "on" else { throw syntax("a fragment's name") }
    let name = try name("a fragment's name")
    guard word == "on" else { throw syntax("'on'") }
    try advance()
    let type = try self.name("a type")
    let directives = try directives()
    guard document.fragments.count < limits.fragmentsMax else {
      throw GraphQLFault(
        "fragments", "at most \(limits.fragmentsMax) fragments", found: "more", at: offset)
    }
    let fragment = GraphQLDocument.Fragment(
      name: name, type: type, directives: directives, selections: try selectionSet(),
      offset: offset)
    guard document.fragments.updateValue(fragment, forKey: name) == nil else {
      throw GraphQLFault("fragments", "fragments with names that differ", found: name, at: offset)
    }
  }

  private mutating func variables() throws(GraphQLFault) -> [GraphQLDocument.Variable] {
    guard try take("(") else { return [] }
    var found: [GraphQLDocument.Variable] = []
    repeat {
      try expect("$")
      let name = try name()
      try expect(":")
      let type = try type()
      let value = try take("=") ? try value(isConstant: true) : nil
      let directives = try directives()
      guard !found.contains(where: { $0.name == name }) else {
        throw GraphQLFault("variables", "variables with names that differ", found: name)
      }
      found.append(
        GraphQLDocument.Variable(
          name: name, type: type, value: value, directives: directives))
    } while try !take(")")
    return found
  }

  mutating func type() throws(GraphQLFault) -> GraphQLDocument.TypeReference {
    var lists = 0
    while try take("[") {
      lists += 1
      guard lists <= limits.valueDepthMax else {
        throw GraphQLFault(
          "value-depth", "at most \(limits.valueDepthMax) levels", found: "more",
          at: token.range.lowerBound)
      }
    }
    let name = try name("a type")
    var levels = [
      GraphQLDocument.TypeReference.Level(isList: false, isRequired: try take("!"))
    ]
    for _ in 0..<lists {
      try expect("]")
      levels.append(.init(isList: true, isRequired: try take("!")))
    }
    return GraphQLDocument.TypeReference(name: name, levels: levels)
  }

  // MARK: Selections

  private mutating func selectionSet() throws(GraphQLFault) -> [Int] {
    try expect("{")
    depth += 1
    guard depth <= limits.depthMax + GraphQLParser.inlineDepthMax else {
      throw GraphQLFault(
        "depth", "at most \(limits.depthMax) levels", found: "more", at: token.range.lowerBound)
    }
    var found: [Int] = []
    repeat { found.append(try selection()) } while try !take("}")
    depth -= 1
    return found
  }

  private mutating func selection() throws(GraphQLFault) -> Int {
    let offset = token.range.lowerBound
    var selection: GraphQLDocument.Selection
    if token.kind == .spread {
      try advance()
      if token.kind == .name, word != "on" {
        let content = GraphQLDocument.Selection.Content.spread(try name())
        selection = GraphQLDocument.Selection(content: content, offset: offset)
        selection.directives = try directives()
      } else {
        var type: String?
        if word == "on" {
          try advance()
          type = try name("a type")
        }
        selection = GraphQLDocument.Selection(content: .inline(on: type), offset: offset)
        selection.directives = try directives()
        selection.children = try selectionSet()
        selection.hasSet = true
      }
    } else {
      var name = try name("a field")
      var alias: String?
      if try take(":") {
        alias = name
        name = try self.name("a field")
      }
      let field = GraphQLDocument.Field(name: name, alias: alias, arguments: try arguments())
      selection = GraphQLDocument.Selection(content: .field(field), offset: offset)
      selection.directives = try directives()
      if isMark("{") {
        selection.children = try selectionSet()
        selection.hasSet = true
      }
    }
    document.selections.append(selection)
    return document.selections.count - 1
  }

  mutating func directives() throws(GraphQLFault) -> [GraphQLDocument.Directive] {
    var found: [GraphQLDocument.Directive] = []
    while isMark("@") {
      let offset = token.range.lowerBound
      try advance()
      let name = try name("a directive")
      found.append(
        GraphQLDocument.Directive(name: name, arguments: try arguments(), offset: offset))
      document.directiveCount += 1
      guard document.directiveCount <= limits.directivesMax else {
        throw GraphQLFault(
          "directives", "at most \(limits.directivesMax) directives", found: "more", at: offset)
      }
    }
    return found
  }

  private mutating func arguments() throws(GraphQLFault) -> [GraphQLDocument.Argument] {
    guard try take("(") else { return [] }
    var found: [GraphQLDocument.Argument] = []
    repeat {
      let offset = token.range.lowerBound
      let name = try name("an argument")
      try expect(":")
      let value = try value(isConstant: false)
      // §5.4.2: a name comes once; two readers may take different ones.
      guard !found.contains(where: { $0.name == name }) else {
        throw GraphQLFault("arguments", "arguments with names that differ", found: name, at: offset)
      }
      found.append(GraphQLDocument.Argument(name: name, value: value))
    } while try !take(")")
    return found
  }

  // MARK: Values

  mutating func value(
    isConstant: Bool, depth: Int = 1
  ) throws(GraphQLFault) -> GraphQLDocument.Value {
    let offset = token.range.lowerBound
    guard depth <= limits.valueDepthMax else {
      throw GraphQLFault(
        "value-depth", "at most \(limits.valueDepthMax) levels", found: "more", at: offset)
    }
    switch token.kind {
    case .int:
      let number = Int(String(decoding: lexer.text[token.range], as: UTF8.self))
      try advance()
      return .int(number)
    case .float:
      let text = Array(lexer.text[token.range])
      try advance()
      return .float(text)
    case .string:
      let text = Array(lexer.text[token.range])
      try advance()
      return .string(text)
    case .name:
      let name = try name()
      if name == "true" || name == "false" { return .boolean(name == "true") }
      return name == "null" ? .null : .word(name)
    default: break
    }
    if !isConstant, try take("$") { return .variable(try name()) }
    if try take("[") {
      var elements: [GraphQLDocument.Value] = []
      while try !take("]") {
        guard elements.count < limits.listMax else {
          throw GraphQLFault(
            "list", "at most \(limits.listMax) elements", found: "more", at: offset)
        }
        elements.append(try value(isConstant: isConstant, depth: depth + 1))
      }
      return .list(elements)
    }
    guard try take("{") else { throw syntax("a value") }
    var members: [GraphQLDocument.Argument] = []
    while try !take("}") {
      let name = try name()
      try expect(":")
      let value = try value(isConstant: isConstant, depth: depth + 1)
      guard !members.contains(where: { $0.name == name }) else {
        throw GraphQLFault("arguments", "members with names that differ", found: name, at: offset)
      }
      members.append(GraphQLDocument.Argument(name: name, value: value))
    }
    return .object(members)
  }
}
