/// Reads the requests of a Postman collection (format 2.1) as operations.
struct PostmanImport {
  /// Names of query parameters that hold a number, which a collection does not say.
  private static let numbers: Set<String> = [
    "limit", "offset", "page", "size", "count", "skip", "take", "top", "per_page", "page_size",
    "pagesize", "perpage", "max",
  ]

  private var result = APIDescription()
  private var seen: Set<String> = []

  /// The description in `root`; nil if that is no collection.
  static func read(_ root: JSONValue) -> APIDescription? {
    guard let items = root["item"]?.elements else { return nil }
    var reader = PostmanImport()
    reader.result.title = root["info"]?["name"]?.string ?? "API"
    reader.items(items, depth: 0)
    return reader.result
  }

  private mutating func items(_ items: [JSONValue], depth: Int) {
    guard depth < 16 else { return }
    for item in items {
      if let inner = item["item"]?.elements { self.items(inner, depth: depth + 1) }
      if let request = item["request"] { self.request(request, item["name"]?.string ?? "") }
    }
  }

  private mutating func request(_ request: JSONValue, _ name: String) {
    guard let method = request["method"]?.string, let path = PostmanImport.path(request["url"])
    else {
      result.assumptions.append("\(name): a request without method or path is left out")
      return
    }
    guard seen.insert("\(method) \(path)").inserted else { return }
    var parameters = Operation.names(in: path).map {
      Parameter($0, .path, isRequired: true, schema: ["type": "string"])
    }
    for query in request["url"]?["query"]?.elements ?? [] {
      guard let key = query["key"]?.string else { continue }
      var schema: JSONValue =
        PostmanImport.numbers.contains(key.lowercased()) ? ["type": "integer"] : [:]
      if let value = query["value"]?.string, !value.isEmpty {
        schema = schema.setting("example", .string(value))
      }
      parameters.append(Parameter(key, .query, isRequired: true, schema: schema))
    }
    let fields = request["header"]?.elements ?? []
    let credential = fields.first { $0["value"]?.string?.contains("{{") == true }
    if let field = credential?["key"]?.string, let value = credential?["value"]?.string {
      result.credential = (field, String(value.prefix { $0 != "{" }))
    }
    var body: JSONValue?
    if let raw = request["body"]?["raw"]?.string, let value = JSONValue.read(Array(raw.utf8)) {
      body = PostmanImport.schema(of: value)
    }
    result.operations.append(
      Operation(
        method: method.uppercased(), path: path, parameters: parameters, body: body,
        isSecured: credential != nil || request["auth"] != nil, words: name))
  }

  /// The path with `{name}` for `:name` and for `{{name}}`, without the host.
  private static func path(_ url: JSONValue?) -> String? {
    var segments = url?["path"]?.elements.compactMap(\.string) ?? []
    if segments.isEmpty, let raw = url?["raw"]?.string ?? url?.string {
      let withoutScheme = raw.firstRange(of: "://").map { raw[$0.upperBound...] } ?? raw[...]
      let path = withoutScheme.prefix { $0 != "?" }
      segments = path.split(separator: "/").dropFirst().map(String.init)
    }
    let named = segments.map { segment -> String in
      if segment.hasPrefix(":") { return "{\(segment.dropFirst())}" }
      if segment.hasPrefix("{{"), segment.hasSuffix("}}") {
        return "{\(segment.dropFirst(2).dropLast(2))}"
      }
      return segment
    }
    return named.isEmpty ? nil : "/" + named.joined(separator: "/")
  }

  /// The schema that an example stands for.
  static func schema(of value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      let properties = members.map { JSONMember($0.name, schema(of: $0.value)) }
      return ["type": "object", "properties": .object(properties)]
    case .array(let elements):
      return ["type": "array", "items": elements.first.map { schema(of: $0) } ?? [:]]
    case .integer: return ["type": "integer", "example": value]
    case .number: return ["type": "number", "example": value]
    case .boolean: return ["type": "boolean", "example": value]
    case .null: return [:]
    case .string: return ["type": "string", "example": value]
    }
  }
}
