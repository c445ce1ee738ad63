/// Reads the operations of an OpenAPI 3 or Swagger 2 document; what is broken is left out, and
/// said.
struct OpenAPIImport {
  private static let methods = ["get", "post", "put", "patch", "delete", "head", "options"]
  private static let depthMax = 8

  private let root: JSONValue
  private var result = APIDescription()

  /// The description in `root`; nil if that has no paths.
  static func read(_ root: JSONValue) -> APIDescription? {
    guard let paths = root["paths"], case .object = paths else { return nil }
    var reader = OpenAPIImport(root: root)
    reader.header()
    for path in paths.members where path.name.hasPrefix("/") {
      reader.path(path.name, reader.resolve(path.value))
    }
    return reader.result
  }

  private init(root: JSONValue) { self.root = root }

  private mutating func header() {
    result.title = root["info"]?["title"]?.string ?? "API"
    let url = root["servers"]?.elements.first?["url"]?.string ?? root["basePath"]?.string ?? ""
    result.basePath = OpenAPIImport.path(of: url)
    let schemes =
      root["components"]?["securitySchemes"] ?? root["securityDefinitions"] ?? .object([])
    for scheme in schemes.members.map({ resolve($0.value) }) {
      let kind = scheme["type"]?.string
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
    if let request = value["requestBody"].map({ resolve($0) }),
      let content = OpenAPIImport.content(of: request)
    {
      mediaType = content.name
      var schema = expanded(content.value["schema"] ?? .object([]))
      if let example = content.value["example"] { schema = schema.setting("example", example) }
      body = schema
    }
    let secured = value["security"] ?? root["security"]
    let words = ["operationId", "summary", "description"].compactMap { value[$0]?.string }
    let tags = value["tags"]?.elements.compactMap(\.string) ?? []
    result.operations.append(
      Operation(
        method: method, path: path, parameters: parameters, body: body, mediaType: mediaType,
        isSecured: secured?.elements.contains { !$0.members.isEmpty } ?? false,
        words: (words + tags).joined(separator: " ")))
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

  /// Follows a local reference; what leads nowhere is an empty object.
  private func resolve(_ value: JSONValue) -> JSONValue {
    var value = value
    for _ in 0..<OpenAPIImport.depthMax {
      guard let reference = value["$ref"]?.string, reference.hasPrefix("#/") else { return value }
      var target: JSONValue? = root
      for part in reference.dropFirst(2).split(separator: "/") {
        let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
        target = target?[String(name)]
      }
      value = target ?? .object([])
    }
    return value
  }

  /// A schema with references and `allOf` put in place, down to a depth.
  private func expanded(_ schema: JSONValue, depth: Int = 0) -> JSONValue {
    guard depth < OpenAPIImport.depthMax else { return .object([]) }
    var value = resolve(schema)
    let parts = value["allOf"]?.elements ?? []
    let choice = (value["oneOf"] ?? value["anyOf"])?.elements.first
    for part in parts + (choice.map { [$0] } ?? []) {
      value = OpenAPIImport.merge(value, expanded(part, depth: depth + 1))
    }
    if let properties = value["properties"] {
      let members = properties.members.map {
        JSONMember($0.name, expanded($0.value, depth: depth + 1))
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
