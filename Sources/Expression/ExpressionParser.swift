import Base
import Formats

/// Reads an expression and checks its types, in one pass (CEL language definition, "Syntax").
///
/// What can be known to be wrong is wrong here: a variable that is not there, a comparison of
/// things that are never equal, a network that is none. Depth and size are limited, so that every
/// evaluation is short.
struct ExpressionParser {
  /// A part and what is known of its type.
  typealias Part = (node: ExpressionNode, type: ExpressionType)

  static let depthMax = 32
  static let nodesMax = 512
  static let bytesMax = 4096

  let environment: ExpressionEnvironment
  private var lexer: ExpressionLexer
  private var token = ExpressionLexer.Token.end
  private(set) var offset = 0
  private var depth = 0
  private var nodes = 0

  init(_ source: String, in environment: ExpressionEnvironment) throws(ExpressionError) {
    self.environment = environment
    lexer = ExpressionLexer(source)
    guard source.utf8.count <= ExpressionParser.bytesMax else {
      throw ExpressionError(message: "longer than 4096 bytes", offset: 0)
    }
    try advance()
  }

  /// The whole text as one expression.
  mutating func parse() throws(ExpressionError) -> Part {
    let part = try expression()
    guard token == .end else { throw unexpected("an operator or the end") }
    return part
  }

  // MARK: Tokens

  private mutating func advance() throws(ExpressionError) {
    token = try lexer.next()
    offset = lexer.offset
    nodes += 1
    if nodes > ExpressionParser.nodesMax { throw fault("more than 512 parts") }
  }

  private mutating func takes(_ symbol: String) throws(ExpressionError) -> Bool {
    guard token == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  private mutating func expect(_ symbol: String) throws(ExpressionError) {
    guard try takes(symbol) else { throw unexpected("'\(symbol)'") }
  }

  func fault(_ message: String) -> ExpressionError {
    ExpressionError(message: message, offset: offset)
  }

  private func unexpected(_ wanted: String) -> ExpressionError {
    let found =
      switch token {
      case .name(let name): "'\(name)'"
      case .int, .double: "a number"
      case .string: "a text"
      case .symbol(let symbol): "'\(symbol)'"
      case .end: "the end"
      }
    return fault("\(found) stands here, expected \(wanted)")
  }

  // MARK: Grammar, from the loosest to the tightest

  private mutating func expression() throws(ExpressionError) -> Part {
    depth += 1
    defer { depth -= 1 }
    if depth > ExpressionParser.depthMax { throw fault("nested more than 32 deep") }
    let condition = try disjunction()
    guard try takes("?") else { return condition }
    try require(condition, .bool, "a condition before '?'")
    let yes = try disjunction()
    try expect(":")
    let no = try expression()
    let type = yes.type == no.type ? yes.type : .dynamic
    return (.choice(condition.node, yes.node, no.node), type)
  }

  private mutating func disjunction() throws(ExpressionError) -> Part {
    var left = try conjunction()
    while token == .symbol("||") {
      try require(left, .bool, "a condition before '||'")
      try advance()
      let right = try conjunction()
      try require(right, .bool, "a condition behind '||'")
      left = (.or(left.node, right.node), .bool)
    }
    return left
  }

  private mutating func conjunction() throws(ExpressionError) -> Part {
    var left = try relation()
    while token == .symbol("&&") {
      try require(left, .bool, "a condition before '&&'")
      try advance()
      let right = try relation()
      try require(right, .bool, "a condition behind '&&'")
      left = (.and(left.node, right.node), .bool)
    }
    return left
  }

  private mutating func relation() throws(ExpressionError) -> Part {
    var left = try sum()
    while let found = relational {
      try advance()
      let right = try sum()
      left = try compared(left, found, right)
    }
    return left
  }

  private var relational: ExpressionNode.Operator? {
    switch token {
    case .name("in"): .member
    case .symbol(let symbol) where ["<", "<=", ">", ">=", "==", "!="].contains(symbol):
      ExpressionNode.Operator(rawValue: symbol)
    default: nil
    }
  }

  private mutating func sum() throws(ExpressionError) -> Part {
    var left = try product()
    while token == .symbol("+") || token == .symbol("-") {
      let found: ExpressionNode.Operator = token == .symbol("+") ? .plus : .minus
      try advance()
      let right = try product()
      left = try computed(left, found, right)
    }
    return left
  }

  private mutating func product() throws(ExpressionError) -> Part {
    var left = try unary()
    while case .symbol(let symbol) = token, ["*", "/", "%"].contains(symbol),
      let found = ExpressionNode.Operator(rawValue: symbol)
    {
      try advance()
      let right = try unary()
      left = try computed(left, found, right)
    }
    return left
  }

  private mutating func unary() throws(ExpressionError) -> Part {
    depth += 1
    defer { depth -= 1 }
    if depth > ExpressionParser.depthMax * 2 { throw fault("nested more than 32 deep") }
    if try takes("!") {
      let part = try unary()
      try require(part, .bool, "a condition behind '!'")
      return (.not(part.node), .bool)
    }
    if try takes("-") {
      let part = try unary()
      guard part.type.isNumber else { throw fault("'-' before what is no number") }
      return (.negated(part.node), part.type)
    }
    return try member(of: try primary())
  }

  private mutating func primary() throws(ExpressionError) -> Part {
    switch token {
    case .int(let value): return try literal(.int(value))
    case .double(let value): return try literal(.double(value))
    case .string(let value): return try literal(.string(value))
    case .name(let name): return try named(name)
    case .symbol("("):
      try advance()
      let part = try expression()
      try expect(")")
      return part
    case .symbol("["):
      try advance()
      return (.list(try arguments(until: "]").map(\.node)), .list)
    default: throw unexpected("a value")
    }
  }

  private mutating func literal(_ value: ExpressionValue) throws(ExpressionError) -> Part {
    try advance()
    return (.value(value), value.type)
  }

  private mutating func named(_ name: String) throws(ExpressionError) -> Part {
    switch name {
    case "true": return try literal(.bool(true))
    case "false": return try literal(.bool(false))
    case "null": return try literal(.null)
    default: break
    }
    let start = offset
    try advance()
    if token == .symbol("(") {
      try advance()
      if name == "has" { return try presence() }
      let given = try arguments(until: ")")
      return try call(name, given, at: start)
    }
    return try variable(name, at: start)
  }

  /// A variable, whose name may go on behind dots.
  private mutating func variable(
    _ first: String, at start: Int
  ) throws(ExpressionError) -> Part {
    var name = first
    while true {
      if let number = environment.find(name) {
        let type = environment.variables[number].type
        return (.variable(number), type)
      }
      guard environment.hasNames(below: name), try takes("."), case .name(let more) = token else {
        throw unknown(name, at: start)
      }
      name += "." + more
      try advance()
    }
  }

  private func unknown(_ name: String, at start: Int) -> ExpressionError {
    let hint = Spelling.nearest(to: name, in: environment.names).map { "did you mean '\($0)'?" }
    let known = "expected one of " + environment.names.joined(separator: ", ")
    return ExpressionError(message: "'\(name)' is no variable, \(hint ?? known)", offset: start)
  }

  /// What follows a value: members, places, and calls.
  private mutating func member(of first: Part) throws(ExpressionError) -> Part {
    var part = first
    while true {
      if try takes(".") {
        guard case .name(let name) = token else { throw unexpected("a name") }
        let start = offset
        try advance()
        if try takes("(") {
          let given = try arguments(until: ")")
          part = try call(name, [part] + given, at: start)
        } else {
          part = try element(of: part, (.value(.string(name)), .string))
        }
      } else if try takes("[") {
        let key = try expression()
        try expect("]")
        part = try element(of: part, key)
      } else {
        return part
      }
    }
  }

  /// The argument of `has`: a member, which is looked for and not taken.
  private mutating func presence() throws(ExpressionError) -> Part {
    let part = try expression()
    try expect(")")
    switch part.node {
    case .entry(let number, let key): return (.hasEntry(number, key), .bool)
    case .index(let map, .value(.string(let name))): return (.has(map, name), .bool)
    default: throw fault("'has' takes a member, such as request.headers.accept")
    }
  }

  private mutating func arguments(until close: String) throws(ExpressionError) -> [Part] {
    var parts: [Part] = []
    if try takes(close) { return parts }
    while true {
      parts.append(try expression())
      if try takes(close) { return parts }
      try expect(",")
    }
  }
}
