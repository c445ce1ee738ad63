public import Formats

/// A draft of a description of an API, as OpenAPI 3.1, learnt from what was seen.
///
/// It holds shapes and no values: nothing that a caller has sent stands in it but names of paths
/// and parameters. What was never answered with success is not in it.
public enum DescriptionDraft {
  /// The draft of one service.
  public static func document(_ service: String, _ endpoints: [EndpointRecord]) -> JSONValue {
    var paths: [JSONMember] = []
    for endpoint in endpoints where endpoint.service == service && endpoint.successes > 0 {
      guard methods.contains(endpoint.method) else { continue }
      let operation = JSONMember(endpoint.method.lowercased(), operation(endpoint))
      if let place = paths.firstIndex(where: { $0.name == endpoint.template }) {
        paths[place].value = .object(paths[place].value.members + [operation])
      } else {
        paths.append(JSONMember(endpoint.template, .object([operation])))
      }
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": .string(service), "version": "draft",
        "description": "Learnt from traffic: to be read by somebody who knows the API.",
      ],
      "paths": .object(paths),
    ]
  }

  /// Those that OpenAPI has (OpenAPI 3.1.1, Path Item Object).
  private static let methods: Set = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
  ]

  private static func operation(_ endpoint: EndpointRecord) -> JSONValue {
    var members: [JSONMember] = []
    if endpoint.standing == .deprecated { members.append(JSONMember("deprecated", true)) }
    let parameters = pathParameters(endpoint) + queryParameters(endpoint)
    if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
    if !endpoint.requestTypes.isEmpty, endpoint.method != "GET", endpoint.method != "HEAD" {
      members.append(JSONMember("requestBody", ["content": content(endpoint.requestTypes)]))
    }
    var responses: [JSONMember] = []
    for status in endpoint.statuses.sorted() where (100...599).contains(status) {
      var response = [JSONMember("description", .string("Seen."))]
      if (200..<300).contains(status), status != 204, !endpoint.responseTypes.isEmpty {
        response.append(JSONMember("content", content(endpoint.responseTypes)))
      }
      responses.append(JSONMember("\(status)", .object(response)))
    }
    members.append(JSONMember("responses", .object(responses)))
    members.append(
      JSONMember(
        "x-seen",
        [
          "requests": .integer(Int(clamping: endpoint.requests)),
          "anonymous": .integer(Int(clamping: endpoint.anonymous)),
        ]))
    return .object(members)
  }

  private static func pathParameters(_ endpoint: EndpointRecord) -> [JSONValue] {
    var parameters: [JSONValue] = []
    for segment in endpoint.template.split(separator: "/") {
      guard segment.hasPrefix("{"), segment.hasSuffix("}") else { continue }
      let place = parameters.count
      let kind = place < endpoint.parameters.count ? endpoint.parameters[place] : .text
      parameters.append([
        "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
        "schema": schema(kind),
      ])
    }
    return parameters
  }

  private static func queryParameters(_ endpoint: EndpointRecord) -> [JSONValue] {
    endpoint.query.sorted { $0.key < $1.key }.map { name, kind in
      ["name": .string(name), "in": "query", "schema": schema(kind)]
    }
  }

  private static func content(_ types: [String]) -> JSONValue {
    .object(types.sorted().map { JSONMember($0, .object([])) })
  }

  private static func schema(_ kind: ParameterKind) -> JSONValue {
    switch kind {
    case .integer: ["type": "integer"]
    case .number: ["type": "number"]
    case .boolean: ["type": "boolean"]
    case .uuid: ["type": "string", "format": "uuid"]
    case .date: ["type": "string", "format": "date"]
    case .text: ["type": "string"]
    }
  }
}
