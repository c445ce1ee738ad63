/// Reads a schema in GraphQL's own language (October 2021, §3) into the form that an introspection
/// has; descriptions and directives are passed over.
struct GraphQLSchemaText {
  private static let tokensMax = 400_000

  private var tokens: [Substring] = []
  private var place = 0
  /// The fields of each type, in order, with those of its extensions.
  private var types: [(name: String, kind: String, members: [JSONValue])] = []
  private var roots: [String: String] = [:]

  /// The schema in `bytes` as the answer to an introspection; nil if they hold none.
  static func read(_ bytes: [UInt8]) -> JSONValue? {
    let text = String(decoding: bytes, as: UTF8.self)
    var reader = GraphQLSchemaText()
    guard reader.split(text), reader.definitions() else { return nil }
    return reader.value
  }

  // MARK: Words

  /// Splits a text into names, numbers and marks; false if it cannot be GraphQL.
  private mutating func split(_ text: String) -> Bool {
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace || first == "," || first == "\u{FEFF}" {
        rest = rest.dropFirst()
      } else if first == "#" {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("\"\"\"") {
        let inner = rest.dropFirst(3)
        guard let end = inner.firstRange(of: "\"\"\"") else { return false }
        rest = inner[end.upperBound...]
        tokens.append("\"")
      } else if first == "\"" {
        var inner = rest.dropFirst()
        while let next = inner.first, next != "\"" {
          if next.isNewline { return false }
          inner = inner.dropFirst(next == "\\" ? 2 : 1)
        }
        guard !inner.isEmpty else { return false }
        rest = inner.dropFirst()
        tokens.append("\"")
      } else if first.isLetter || first.isNumber || first == "_" || first == "-" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "_-.+".contains($0) }
        tokens.append(word)
        rest = rest[word.endIndex...]
      } else if "{}()[]:!=|&@$.".contains(first) {
        tokens.append(rest.prefix(1))
        rest = rest.dropFirst()
      } else {
        return false
      }
      if tokens.count > GraphQLSchemaText.tokensMax { return false }
      // No description of another kind begins with one of these words.
      if tokens.count == 1, !GraphQLSchemaText.beginnings.contains(String(tokens[0])) {
        return false
      }
    }
    return !tokens.isEmpty
  }

  private static let beginnings: Set<String> = [
    "type", "schema", "input", "enum", "interface", "union", "scalar", "directive", "extend", "\"",
  ]

  private var word: Substring { place < tokens.count ? tokens[place] : "" }

  private mutating func next() -> String {
    defer { place += 1 }
    return String(word)
  }

  private mutating func takes(_ mark: Substring) -> Bool {
    guard word == mark else { return false }
    place += 1
    return true
  }

  // MARK: Definitions

  private mutating func definitions() -> Bool {
    while place < tokens.count {
      if takes("\"") || takes("extend") { continue }
      switch next() {
      case "schema":
        skipDirectives()
        guard takes("{") else { return false }
        while !word.isEmpty, !takes("}") {
          let operation = next()
          guard takes(":") else { return false }
          roots[operation] = next()
        }
      case "type", "interface": guard object("OBJECT", "fields") else { return false }
      case "input": guard object("INPUT_OBJECT", "inputFields") else { return false }
      case "enum": guard enumeration() else { return false }
      case "union": guard union() else { return false }
      case "scalar":
        _ = next()
        skipDirectives()
      case "directive": guard directive() else { return false }
      default: return false
      }
    }
    return types.contains { $0.name == roots["query"] ?? "Query" }
  }

  private mutating func skipDirectives() {
    while takes("@") {
      _ = next()
      if word == "(" { skipGroup() }
    }
  }

  /// Passes over what stands between one bracket and its partner.
  private mutating func skipGroup() {
    var depth = 0
    repeat {
      let mark = next()
      if "([{".contains(mark) { depth += 1 }
      if ")]}".contains(mark) { depth -= 1 }
    } while depth > 0 && place < tokens.count
  }

  private mutating func directive() -> Bool {
    guard takes("@") else { return false }
    _ = next()
    if word == "(" { skipGroup() }
    _ = takes("repeatable")
    guard takes("on") else { return false }
    _ = takes("|")
    repeat { _ = next() } while takes("|")
    return true
  }

  private mutating func object(_ kind: String, _ list: String) -> Bool {
    let name = next()
    if takes("implements") {
      while !word.isEmpty, word != "{", word != "@" { place += 1 }
    }
    skipDirectives()
    var members: [JSONValue] = []
    if takes("{") {
      while !takes("}") {
        if takes("\"") { continue }
        guard let member = field() else { return false }
        members.append(member)
      }
    }
    add(name, kind, members)
    return true
  }

  private mutating func add(_ name: String, _ kind: String, _ members: [JSONValue]) {
    if let known = types.firstIndex(where: { $0.name == name }) {
      types[known].members += members
    } else {
      types.append((name, kind, members))
    }
  }

  /// A field with its arguments and type, or a field of an input.
  private mutating func field() -> JSONValue? {
    let name = next()
    guard name.first?.isLetter == true || name.hasPrefix("_") else { return nil }
    var arguments: [JSONValue] = []
    if takes("(") {
      while !takes(")") {
        if takes("\"") { continue }
        guard let argument = field() else { return nil }
        arguments.append(argument)
      }
    }
    guard takes(":"), let type = type(depth: 0) else { return nil }
    var isOptional = false
    if takes("=") {
      // A default: whatever must not be null need not be given.
      isOptional = true
      if "[{".contains(word) { skipGroup() } else { place += 1 }
    }
    skipDirectives()
    let plain = isOptional && type["kind"]?.string == "NON_NULL" ? type["ofType"] ?? type : type
    return ["name": .string(name), "args": .array(arguments), "type": plain]
  }

  private mutating func type(depth: Int) -> JSONValue? {
    guard depth < 8 else { return nil }
    var result: JSONValue
    if takes("[") {
      guard let inner = type(depth: depth + 1), takes("]") else { return nil }
      result = ["kind": "LIST", "ofType": inner]
    } else {
      let name = next()
      guard name.first?.isLetter == true || name.hasPrefix("_") else { return nil }
      result = ["kind": "", "name": .string(name)]
    }
    if takes("!") { result = ["kind": "NON_NULL", "ofType": result] }
    return result
  }

  private mutating func enumeration() -> Bool {
    let name = next()
    skipDirectives()
    guard takes("{") else { return false }
    var values: [JSONValue] = []
    while !takes("}") {
      if word.isEmpty { return false }
      if takes("\"") { continue }
      values.append(["name": .string(next())])
      skipDirectives()
    }
    add(name, "ENUM", values)
    return true
  }

  private mutating func union() -> Bool {
    let name = next()
    skipDirectives()
    guard takes("=") else { return false }
    _ = takes("|")
    var parts: [JSONValue] = []
    repeat { parts.append(["name": .string(next())]) } while takes("|")
    add(name, "UNION", parts)
    return true
  }

  // MARK: The form of an introspection

  private var value: JSONValue {
    let kinds = Dictionary(types.map { ($0.name, $0.kind) }) { first, _ in first }
    let lists = [
      "OBJECT": "fields", "INPUT_OBJECT": "inputFields", "ENUM": "enumValues",
      "UNION": "possibleTypes",
    ]
    let list = types.map { type -> JSONValue in
      .object([
        JSONMember("kind", .string(type.kind)), JSONMember("name", .string(type.name)),
        JSONMember(
          lists[type.kind] ?? "fields",
          .array(type.members.map { GraphQLSchemaText.named($0, kinds) })),
      ])
    }
    let mutation = roots["mutation"] ?? (kinds["Mutation"] == nil ? nil : "Mutation")
    return [
      "__schema": [
        "queryType": ["name": .string(roots["query"] ?? "Query")],
        "mutationType": mutation.map { ["name": .string($0)] } ?? .null,
        "types": .array(list),
      ]
    ]
  }

  /// A member whose types say what kind each is, which is known only at the end.
  private static func named(_ value: JSONValue, _ kinds: [String: String]) -> JSONValue {
    switch value {
    case .object(let members):
      if value["kind"] == "", let name = value["name"]?.string {
        return ["kind": .string(kinds[name] ?? "SCALAR"), "name": .string(name)]
      }
      return .object(members.map { JSONMember($0.name, named($0.value, kinds)) })
    case .array(let elements): return .array(elements.map { named($0, kinds) })
    default: return value
    }
  }
}
