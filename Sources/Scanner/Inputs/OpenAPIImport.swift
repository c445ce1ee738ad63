/// Reads the operations of an OpenAPI 3 or Swagger 2 document; what is broken is left out, and
/// said.
struct OpenAPIImport {
  private static let methods = ["get", "post", "put", "patch", "delete", "head", "options"]
  private static let depthMax = 8

  private let root: JSONValue
  private var references: ReferenceReader
  private var result = APIDescription()

  /// The description in `root`; nil if that has no paths.
  static func read(
    _ root: JSONValue, _ neighbour: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
  ) -> APIDescription? {
    guard let paths = root["paths"], case .object = paths else { return nil }
    var reader = OpenAPIImport(root, ReferenceReader(root, neighbour))
    reader.header()
    for path in paths.members where !path.name.hasPrefix("x-") {
      var name = path.name
      if !name.hasPrefix("/") {
        reader.result.assumptions.append("the path '\(name)' is taken as '/\(name)'")
        name = "/" + name
      }
      reader.path(name, reader.resolve(path.value))
    }
    reader.result.assumptions += reader.references.failures
    return reader.result
  }

  private init(_ root: JSONValue, _ references: ReferenceReader) {
    self.root = root
    self.references = references
  }

  private mutating func header() {
    result.title = root["info"]?["title"]?.string ?? "API"
    let url = root["servers"]?.elements.first?["url"]?.string ?? root["basePath"]?.string ?? ""
    result.basePath = OpenAPIImport.path(of: url)
    let schemes =
      root["components"]?["securitySchemes"] ?? root["securityDefinitions"] ?? .object([])
    for member in schemes.members {
      let scheme = resolve(member.value)
      let kind = scheme["type"]?.string
      if kind == "basic" || scheme["scheme"]?.string?.lowercased() == "basic" {
        result.credential = ("Authorization", "Basic ")
        continue
      }
      if kind == "apiKey", scheme["in"]?.string == "header", let name = scheme["name"]?.string {
        let prefix = name.lowercased() == "authorization" ? "Bearer " : ""
        result.credential = (name, prefix)
      } else if kind == "http" || kind == "oauth2" || kind == "openIdConnect" {
        result.credential = ("Authorization", "Bearer ")
        break
      }
    }
  }

  /// The path of a server's URL, without a slash at its end.
  static func path(of url: String) -> String {
    var rest = url[...]
    if let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...]
      guard let slash = rest.firstIndex(of: "/") else { return "" }
      rest = rest[slash...]
    }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : "/" + rest
  }

  private mutating func path(_ path: String, _ item: JSONValue) {
    let shared = item["parameters"]?.elements ?? []
    for member in item.members where OpenAPIImport.methods.contains(member.name.lowercased()) {
      operation(member.name.uppercased(), path, member.value, shared)
    }
  }

  private mutating func operation(
    _ method: String, _ path: String, _ value: JSONValue, _ shared: [JSONValue]
  ) {
    var parameters: [Parameter] = []
    var body: JSONValue?
    var mediaType = "application/json"
    var form: [JSONMember] = []
    for raw in (value["parameters"]?.elements ?? []) + shared {
      let parameter = resolve(raw)
      guard let name = parameter["name"]?.string, let place = parameter["in"]?.string else {
        result.assumptions.append("\(method) \(path): a parameter without name is left out")
        continue
      }
      let schema = expanded(parameter["schema"] ?? OpenAPIImport.inlineSchema(parameter))
      if place == "body" {
        body = schema
      } else if place == "formData" {
        form.append(JSONMember(name, schema))
      } else if let location = Parameter.Location(rawValue: place),
        !parameters.contains(where: { $0.name == name && $0.location == location })
      {
        let withExample = parameter["example"].map { schema.setting("example", $0) } ?? schema
        parameters.append(
          Parameter(
            name, location, isRequired: parameter["required"]?.isTrue ?? (place == "path"),
            schema: withExample))
      }
    }
    if !form.isEmpty {
      body = ["type": "object", "properties": .object(form)]
      mediaType = "application/x-www-form-urlencoded"
    }
    let wanted = value["requestBody"] ?? .null
    let request = resolve(wanted)
    if request != .null, let content = OpenAPIImport.content(of: request) {
      mediaType = content.name
      var schema = expanded(content.value["schema"] ?? .object([]))
      let named = content.value["examples"]?.members.first.map { resolve($0.value) }
      if let example = content.value["example"] ?? named?["value"] {
        if schema["properties"] == nil {
          schema = OpenAPIImport.merge(schema, PostmanImport.schema(of: example))
        }
        schema = schema.setting("example", example)
      }
      body = schema
    }
    let secured = value["security"] ?? root["security"]
    let words = ["operationId", "summary", "description"].compactMap { value[$0]?.string }
    let tags = value["tags"]?.elements.compactMap(\.string) ?? []
    result.operations.append(
      Operation(
        method: method, path: path, parameters: parameters, body: body, mediaType: mediaType,
        isSecured: secured?.elements.contains { !$0.members.isEmpty } ?? false,
        words: (words + tags).joined(separator: " "), answers: answers(value)))
  }

  /// The schemas of the answers that an operation names, by status.
  private mutating func answers(_ operation: JSONValue) -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    for member in operation["responses"]?.members ?? [] {
      let answer = resolve(member.value)
      let content = answer["content"]?.members.first { $0.name.contains("json") }?.value
      found[member.name.uppercased().replacing("DEFAULT", with: "default")] =
        expanded(content?["schema"] ?? answer["schema"] ?? .object([]))
    }
    return found
  }

  /// JSON if the operation takes it, else the first form that can be written.
  private static func content(of request: JSONValue) -> JSONMember? {
    let members = request["content"]?.members ?? []
    return members.first { $0.name.contains("json") }
      ?? members.first { $0.name.contains("x-www-form-urlencoded") } ?? members.first
  }

  /// Swagger 2 puts the schema's members beside the parameter's.
  private static func inlineSchema(_ parameter: JSONValue) -> JSONValue {
    .object(
      parameter.members.filter { !["name", "in", "required", "description"].contains($0.name) })
  }

  private mutating func resolve(_ value: JSONValue) -> JSONValue { references.resolve(value) }

  /// A schema with references and `allOf` put in place, down to a depth.
  private mutating func expanded(_ schema: JSONValue, depth: Int = 0) -> JSONValue {
    guard depth < OpenAPIImport.depthMax else { return .object([]) }
    var value = resolve(schema)
    let parts = value["allOf"]?.elements ?? []
    let choices = (value["oneOf"] ?? value["anyOf"])?.elements ?? []
    let choice = choices.first { $0["type"]?.string != "null" }
    if choices.count > 1 {
      // What may be one thing or another is not held to the first.
      value = value.setting("nullable", .boolean(true))
    }
    for part in parts + (choice.map { [$0] } ?? []) {
      value = OpenAPIImport.merge(value, expanded(part, depth: depth + 1))
    }
    if let properties = value["properties"] {
      var members: [JSONMember] = []
      for member in properties.members {
        members.append(JSONMember(member.name, expanded(member.value, depth: depth + 1)))
      }
      value = value.setting("properties", .object(members))
    }
    if let items = value["items"] {
      value = value.setting("items", expanded(items, depth: depth + 1))
    }
    return value
  }

  private static func merge(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
    var result = left
    for member in right.members {
      if member.name == "properties" {
        var properties = left["properties"] ?? .object([])
        for property in member.value.members {
          properties = properties.setting(property.name, property.value)
        }
        result = result.setting("properties", properties)
      } else if member.name == "required" {
        let names = (left["required"]?.elements ?? []) + member.value.elements
        result = result.setting("required", .array(names))
      } else if left[member.name] == nil {
        result = result.setting(member.name, member.value)
      }
    }
    return result
  }
}
