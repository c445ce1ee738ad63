import Formats

/// The description of the admin API as OpenAPI 3.1, made from its endpoints.
struct AdminDescription {
  let endpoints: [AdminEndpoint]

  var document: JSONValue {
    var paths: [JSONMember] = []
    for endpoint in endpoints {
      let operation = JSONMember(endpoint.method.lowercased(), operation(endpoint))
      if let place = paths.firstIndex(where: { $0.name == endpoint.path }) {
        paths[place].value = .object(paths[place].value.members + [operation])
      } else {
        paths.append(JSONMember(endpoint.path, .object([operation])))
      }
    }
    return [
      "openapi": "3.1.0",
      "info": ["title": "Gatehouse admin API", "version": "1"],
      "security": [["token": []]],
      "paths": .object(paths),
      "components": [
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        "schemas": ["Problem": AdminDescription.problem],
      ],
    ]
  }

  private static let problem: JSONValue = [
    "type": "object", "required": ["type", "title", "status"],
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "detail": ["type": "string"],
    ],
  ]

  private func operation(_ endpoint: AdminEndpoint) -> JSONValue {
    var members = [
      JSONMember("operationId", .string(AdminDescription.name(endpoint))),
      JSONMember("summary", .string(endpoint.summary)),
      JSONMember("parameters", .array(parameters(endpoint))),
    ]
    if let permission = endpoint.permission {
      members.append(JSONMember("x-permission", .string(permission.rawValue)))
    } else {
      members.append(JSONMember("security", []))
    }
    if let content = endpoint.content {
      let schema = JSONValue.object([
        JSONMember("type", "object"), JSONMember("additionalProperties", false),
        JSONMember("properties", .object(content)),
        JSONMember("required", .array(endpoint.required.map { .string($0) })),
      ])
      members.append(
        JSONMember(
          "requestBody",
          [
            "required": .boolean(!endpoint.required.isEmpty),
            "content": ["application/json": ["schema": schema]],
          ]))
    }
    members.append(JSONMember("responses", AdminDescription.responses(endpoint)))
    return .object(members)
  }

  private static func responses(_ endpoint: AdminEndpoint) -> JSONValue {
    let success =
      switch (endpoint.method, endpoint.path) {
      case ("DELETE", _): "204"
      case ("POST", let path) where path.hasSuffix("/rotation"): "202"
      case ("POST", let path) where path.hasSuffix("/revoke") || path.hasSuffix("/apply"): "200"
      case ("POST", _): "201"
      default: "200"
      }
    let problem: JSONValue = [
      "description": "A problem (RFC 9457).",
      "content": [
        "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
      ],
    ]
    return .object([
      JSONMember(success, ["description": "Done."]), JSONMember("default", problem),
    ])
  }

  private static func name(_ endpoint: AdminEndpoint) -> String {
    let words = endpoint.segments.dropFirst().map { segment in
      segment.hasPrefix("{") ? "by-" + segment.dropFirst().dropLast() : String(segment)
    }
    return ([endpoint.method.lowercased()] + words).joined(separator: "-")
  }

  private func parameters(_ endpoint: AdminEndpoint) -> [JSONValue] {
    var parameters = endpoint.segments.filter { $0.hasPrefix("{") }.map { segment -> JSONValue in
      [
        "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
        "schema": ["type": "string"],
      ]
    }
    if endpoint.needsMatch {
      parameters.append(["name": "If-Match", "in": "header", "schema": ["type": "string"]])
    }
    if endpoint.method != "GET" {
      parameters.append(["name": "dry-run", "in": "query", "schema": AdminSchema.boolean])
    } else if endpoint.segments.last?.hasPrefix("{") == false {
      parameters += [
        [
          "name": "limit", "in": "query",
          "schema": ["type": "integer", "minimum": 1, "maximum": 1000],
        ],
        ["name": "cursor", "in": "query", "schema": ["type": "string"]],
      ]
    }
    return parameters
  }
}
