/// Reads the answer to a GraphQL introspection as operations: one for each field of the query and
/// mutation types.
package struct GraphQLImport {
  /// The text that asks a server for its schema.
  private static let question =
    "{__schema{queryType{name}mutationType{name}types{kind name description fields{name "
    + "description args{name type{...T}}type{...T}}inputFields{name type{...T}}"
    + "enumValues{name}possibleTypes{name}}}}fragment T on __Type{kind name ofType{kind name "
    + "ofType{kind name ofType{kind name ofType{kind name}}}}}"
  private static let depthMax = 3

  /// The content of a request that asks a server for its schema.
  package static var introspection: [UInt8] {
    let value: JSONValue = ["query": .string(question)]
    return Array(value.serialized.utf8)
  }

  /// The description in an answer to that request; nil if it holds no schema.
  package static func read(_ bytes: [UInt8], at path: String) -> APIDescription? {
    JSONValue.read(bytes).flatMap { read($0, at: path) }
  }

  private let types: [String: JSONValue]
  private var result = APIDescription()
  private let path: String

  /// The description in `root`; nil if that holds no schema.
  static func read(_ root: JSONValue, at path: String = "/graphql") -> APIDescription? {
    guard let schema = root["data"]?["__schema"] ?? root["__schema"],
      let list = schema["types"]?.elements
    else { return nil }
    var types: [String: JSONValue] = [:]
    for type in list { if let name = type["name"]?.string { types[name] = type } }
    var reader = GraphQLImport(types: types, path: path)
    reader.result.title = "GraphQL"
    reader.fields(of: schema["queryType"]?["name"]?.string, "Query", "query")
    reader.fields(of: schema["mutationType"]?["name"]?.string, "Mutation", "mutation")
    reader.result.graphLoop = reader.loop(from: schema["queryType"]?["name"]?.string)
    return reader.result
  }

  private init(types: [String: JSONValue], path: String) {
    self.types = types
    self.path = path
  }

  private mutating func fields(of type: String?, _ root: String, _ keyword: String) {
    guard let type, let fields = types[type]?["fields"]?.elements else { return }
    for field in fields {
      guard let name = field["name"]?.string else { continue }
      var members: [JSONMember] = []
      var required: [JSONValue] = []
      var variables: [String] = []
      var arguments: [String] = []
      for argument in field["args"]?.elements ?? [] {
        guard let key = argument["name"]?.string, let type = argument["type"] else { continue }
        members.append(JSONMember(key, schema(of: type, depth: 0)))
        if type["kind"]?.string == "NON_NULL" { required.append(.string(key)) }
        variables.append("$\(key): \(GraphQLImport.text(of: type))")
        arguments.append("\(key): $\(key)")
      }
      let selection = selection(of: field["type"] ?? .null, depth: 0) ?? ""
      let head = variables.isEmpty ? "" : "(\(variables.joined(separator: ", ")))"
      let call = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
      result.operations.append(
        Operation(
          method: "POST", path: path, parameters: [],
          body: [
            "type": "object", "properties": .object(members), "required": .array(required),
          ],
          isSecured: false, words: "\(name) \(field["description"]?.string ?? "")",
          graphField: "\(root).\(name)",
          document: "\(keyword)\(head) { \(name)\(call)\(selection) }"))
    }
  }

  /// A circle of at most three fields that need no arguments.
  private func loop(from query: String?) -> GraphLoop? {
    for root in open(query) {
      guard let start = root.type else { continue }
      var ways: [(steps: [String], type: String)] = [([], start)]
      for _ in 0..<3 {
        var next: [(steps: [String], type: String)] = []
        for way in ways {
          for field in open(way.type) {
            guard let type = field.type else { continue }
            let steps = way.steps + [field.name]
            if type == start { return GraphLoop(root: root.name, steps: steps) }
            if next.count < 200 { next.append((steps, type)) }
          }
        }
        ways = next
      }
    }
    return nil
  }

  /// The fields of a type that need no arguments and lead to objects, with the types of those.
  private func open(_ type: String?) -> [(name: String, type: String?)] {
    (types[type ?? ""]?["fields"]?.elements ?? []).compactMap { field in
      guard let name = field["name"]?.string, var inner = field["type"] else { return nil }
      let needs = field["args"]?.elements.contains { $0["type"]?["kind"]?.string == "NON_NULL" }
      if needs == true { return nil }
      for _ in 0..<6 {
        guard let deeper = inner["ofType"], deeper != .null else { break }
        inner = deeper
      }
      guard inner["kind"]?.string == "OBJECT" else { return nil }
      return (name, inner["name"]?.string)
    }
  }

  /// A type as it stands in a document.
  private static func text(of type: JSONValue) -> String {
    switch type["kind"]?.string {
    case "NON_NULL": text(of: type["ofType"] ?? .null) + "!"
    case "LIST": "[" + text(of: type["ofType"] ?? .null) + "]"
    default: type["name"]?.string ?? "String"
    }
  }

  private func schema(of type: JSONValue, depth: Int) -> JSONValue {
    switch type["kind"]?.string {
    case "NON_NULL": return schema(of: type["ofType"] ?? .null, depth: depth)
    case "LIST":
      return ["type": "array", "items": schema(of: type["ofType"] ?? .null, depth: depth)]
    case "ENUM":
      let values = types[type["name"]?.string ?? ""]?["enumValues"]?.elements ?? []
      return ["type": "string", "enum": .array(values.compactMap { $0["name"] })]
    case "INPUT_OBJECT":
      guard depth < GraphQLImport.depthMax else { return ["type": "object"] }
      let fields = types[type["name"]?.string ?? ""]?["inputFields"]?.elements ?? []
      let members = fields.compactMap { field -> JSONMember? in
        guard let name = field["name"]?.string, let type = field["type"] else { return nil }
        return JSONMember(name, schema(of: type, depth: depth + 1))
      }
      return ["type": "object", "properties": .object(members)]
    default:
      switch type["name"]?.string {
      case "Int": return ["type": "integer"]
      case "Float": return ["type": "number"]
      case "Boolean": return ["type": "boolean"]
      default: return ["type": "string"]
      }
    }
  }

  /// What is asked of a type: its scalars, and those of what it leads to; nil if it is a scalar.
  private func selection(of type: JSONValue, depth: Int) -> String? {
    switch type["kind"]?.string {
    case "NON_NULL", "LIST": return selection(of: type["ofType"] ?? .null, depth: depth)
    case "SCALAR", "ENUM": return nil
    case "UNION":
      let parts = types[type["name"]?.string ?? ""]?["possibleTypes"]?.elements ?? []
      let texts = parts.compactMap { part -> String? in
        guard let name = part["name"]?.string else { return nil }
        let object: JSONValue = ["kind": "OBJECT", "name": .string(name)]
        return selection(of: object, depth: depth).map { "... on \(name)\($0)" }
      }
      return " { __typename " + texts.joined(separator: " ") + " }"
    default:
      guard let name = type["name"]?.string else { return nil }
      var parts: [String] = []
      for field in types[name]?["fields"]?.elements ?? [] {
        guard let name = field["name"]?.string, let type = field["type"] else { continue }
        let needs = field["args"]?.elements.contains {
          $0["type"]?["kind"]?.string == "NON_NULL"
        }
        if needs == true { continue }
        if let inner = innerKind(type), inner == "SCALAR" || inner == "ENUM" {
          parts.append(name)
        } else if depth < 1, let inner = selection(of: type, depth: depth + 1) {
          parts.append(name + inner)
        }
      }
      return parts.isEmpty ? " { __typename }" : " { \(parts.joined(separator: " ")) }"
    }
  }

  private func innerKind(_ type: JSONValue) -> String? {
    var type = type
    for _ in 0..<6 {
      guard let kind = type["kind"]?.string else { return nil }
      if kind != "NON_NULL" && kind != "LIST" { return kind }
      type = type["ofType"] ?? .null
    }
    return nil
  }
}
