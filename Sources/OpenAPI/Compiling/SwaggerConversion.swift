import Formats

/// Swagger 2.0 in the words of OpenAPI 3.0.
struct SwaggerConversion {
  private static let methods: Set<String> = [
    "get", "put", "post", "delete", "options", "head", "patch",
  ]
  /// Words of a parameter that OpenAPI 3 has in its schema.
  private static let schemaWords: Set<String> = [
    "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
    "uniqueItems", "enum", "multipleOf",
  ]

  private let root: JSONValue

  init(_ root: JSONValue) { self.root = root }

  var converted: JSONValue {
    var members: [JSONMember] = [JSONMember("openapi", "3.0.4")]
    for member in root.members {
      switch member.name {
      case "swagger", "definitions", "parameters", "responses", "basePath", "host", "schemes",
        "consumes", "produces", "securityDefinitions":
        continue
      case "paths": members.append(JSONMember("paths", paths(member.value)))
      default: members.append(member)
      }
    }
    members.append(
      JSONMember("servers", .array([.object([JSONMember("url", root["basePath"] ?? "/")])])))
    members.append(
      JSONMember(
        "components",
        .object([
          JSONMember("schemas", rewritten(root["definitions"] ?? .object([]))),
          JSONMember("securitySchemes", root["securityDefinitions"] ?? .object([])),
        ])))
    return .object(members)
  }

  private func paths(_ paths: JSONValue) -> JSONValue {
    .object(
      paths.members.map { path in
        JSONMember(
          path.name,
          .object(
            path.value.members.filter { $0.name != "parameters" }.map { member in
              guard SwaggerConversion.methods.contains(member.name) else { return member }
              return JSONMember(member.name, operation(member.value, of: path.value))
            }))
      })
  }

  private func operation(_ operation: JSONValue, of item: JSONValue) -> JSONValue {
    var members = operation.members.filter {
      !["parameters", "consumes", "produces", "responses", "schemes"].contains($0.name)
    }
    let own = (operation["parameters"]?.elements ?? []).map(resolved)
    let shared = (item["parameters"]?.elements ?? []).map(resolved).filter { parameter in
      !own.contains { $0["name"] == parameter["name"] && $0["in"] == parameter["in"] }
    }
    let all = shared + own
    let inBody = all.filter { ["body", "formData"].contains($0["in"]?.string ?? "") }
    let others = all.filter { !["body", "formData"].contains($0["in"]?.string ?? "") }
    members.append(JSONMember("parameters", .array(others.map(parameter))))
    if !inBody.isEmpty {
      let consumes = operation["consumes"] ?? root["consumes"]
      members.append(
        JSONMember("requestBody", body(inBody, consumes?.elements.compactMap(\.string) ?? [])))
    }
    members.append(JSONMember("responses", responses(operation)))
    return .object(members)
  }

  private func responses(_ operation: JSONValue) -> JSONValue {
    let produced = operation["produces"] ?? root["produces"]
    let named = produced?.elements.compactMap(\.string) ?? []
    let types = named.isEmpty ? ["application/json"] : named
    return .object(
      (operation["responses"]?.members ?? []).map { member in
        JSONMember(member.name, response(resolved(member.value), types))
      })
  }

  private func response(_ response: JSONValue, _ types: [String]) -> JSONValue {
    var members = response.members.filter { !["schema", "headers", "examples"].contains($0.name) }
    if let schema = response["schema"] {
      let isFile = schema["type"]?.string == "file"
      let media =
        isFile ? JSONValue.object([]) : .object([JSONMember("schema", rewritten(schema))])
      members.append(JSONMember("content", .object(types.map { JSONMember($0, media) })))
    }
    let headers = (response["headers"]?.members ?? []).map { header in
      JSONMember(header.name, .object([JSONMember("schema", schema(header.value))]))
    }
    if !headers.isEmpty { members.append(JSONMember("headers", .object(headers))) }
    return .object(members)
  }

  private func resolved(_ parameter: JSONValue) -> JSONValue {
    guard let reference = parameter["$ref"]?.string, reference.hasPrefix("#"),
      let pointer = JSONPointer(fragment: String(reference.dropFirst()))
    else { return parameter }
    return root[pointer] ?? parameter
  }

  private func schema(_ parameter: JSONValue) -> JSONValue {
    var members = parameter.members.filter { SwaggerConversion.schemaWords.contains($0.name) }
    for place in members.indices where members[place].name == "type" {
      if members[place].value == "file" { members[place].value = "string" }
    }
    return rewritten(.object(members))
  }

  private func parameter(_ parameter: JSONValue) -> JSONValue {
    if parameter["$ref"] != nil { return parameter }
    var members = parameter.members.filter {
      ["name", "in", "required", "allowEmptyValue"].contains($0.name)
    }
    members.append(JSONMember("schema", schema(parameter)))
    members += style(parameter)
    return .object(members)
  }

  /// How an array is written (Swagger 2.0, `collectionFormat`).
  private func style(_ parameter: JSONValue) -> [JSONMember] {
    guard parameter["type"]?.string == "array" else { return [] }
    switch parameter["collectionFormat"]?.string {
    case "multi": return [JSONMember("explode", true)]
    case "ssv": return [JSONMember("style", "spaceDelimited"), JSONMember("explode", false)]
    case "pipes": return [JSONMember("style", "pipeDelimited"), JSONMember("explode", false)]
    default: return [JSONMember("explode", false)]
    }
  }

  private func body(_ parameters: [JSONValue], _ consumes: [String]) -> JSONValue {
    if let body = parameters.first(where: { $0["in"]?.string == "body" }) {
      let content = JSONValue.object([
        JSONMember("schema", rewritten(body["schema"] ?? .object([])))
      ])
      let types = consumes.isEmpty ? ["application/json"] : consumes
      return .object([
        JSONMember("required", body["required"] ?? false),
        JSONMember("content", .object(types.map { JSONMember($0, content) })),
      ])
    }
    let properties = parameters.map { JSONMember($0["name"]?.string ?? "", schema($0)) }
    let required = parameters.filter { $0["required"]?.boolean == true }.compactMap { $0["name"] }
    var members = [JSONMember("type", "object"), JSONMember("properties", .object(properties))]
    if !required.isEmpty { members.append(JSONMember("required", .array(required))) }
    let hasFile = parameters.contains { $0["type"]?.string == "file" }
    let forms = consumes.filter { $0.hasPrefix("multipart/") || $0.contains("form-urlencoded") }
    let types =
      !forms.isEmpty
      ? forms : hasFile ? ["multipart/form-data"] : ["application/x-www-form-urlencoded"]
    let encodings = parameters.compactMap { parameter in
      let style = style(parameter)
      return style.isEmpty ? nil : JSONMember(parameter["name"]?.string ?? "", .object(style))
    }
    let content = JSONValue.object([
      JSONMember("schema", .object(members)), JSONMember("encoding", .object(encodings)),
    ])
    return .object([
      JSONMember("required", .boolean(!required.isEmpty)),
      JSONMember("content", .object(types.map { JSONMember($0, content) })),
    ])
  }

  /// A schema with its references led to where schemas stand now.
  private func rewritten(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(rewritten))
    case .object(let object):
      return .object(
        object.members.map { member in
          if member.name == "$ref", let reference = member.value.string,
            reference.hasPrefix("#/definitions/")
          {
            let name = reference.dropFirst("#/definitions/".count)
            return JSONMember("$ref", .string("#/components/schemas/\(name)"))
          }
          if member.name == "x-nullable" { return JSONMember("nullable", member.value) }
          return JSONMember(member.name, rewritten(member.value))
        })
    default: return value
    }
  }
}
