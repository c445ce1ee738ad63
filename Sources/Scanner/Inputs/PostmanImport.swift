/// Reads the requests of a Postman collection (format 2.1) as operations, with the variables of
/// the collection and of an environment.
struct PostmanImport {
  /// Names of query parameters that hold a number, which a collection does not say.
  private static let numbers: Set<String> = [
    "limit", "offset", "page", "size", "count", "skip", "take", "top", "per_page", "page_size",
    "pagesize", "perpage", "max",
  ]

  private var result = APIDescription()
  private var seen: Set<String> = []
  private var variables: [String: String]

  /// The description in `root`; nil if that is no collection.
  static func read(_ root: JSONValue, _ variables: [String: String] = [:]) -> APIDescription? {
    guard let items = root["item"]?.elements else { return nil }
    var known: [String: String] = [:]
    for variable in root["variable"]?.elements ?? [] {
      if let key = variable["key"]?.string { known[key] = variable["value"]?.scalarText ?? "" }
    }
    var reader = PostmanImport(variables: known.merging(variables) { $1 })
    reader.result.title = root["info"]?["name"]?.string ?? "API"
    reader.items(items, root["auth"], depth: 0)
    return reader.result
  }

  private init(variables: [String: String]) { self.variables = variables }

  private mutating func items(_ items: [JSONValue], _ auth: JSONValue?, depth: Int) {
    guard depth < 16 else { return }
    for item in items {
      let own = item["auth"] ?? auth
      if let inner = item["item"]?.elements { self.items(inner, own, depth: depth + 1) }
      if let request = item["request"] {
        self.request(request, item["name"]?.string ?? "", request["auth"] ?? own)
      }
    }
  }

  /// The text with the variables that are known.
  private func filled(_ text: String) -> String {
    var text = text
    for (name, value) in variables where !value.isEmpty && text.contains("{{") {
      text = text.replacing("{{\(name)}}", with: value)
    }
    return text
  }

  private mutating func request(_ request: JSONValue, _ name: String, _ auth: JSONValue?) {
    guard let method = request["method"]?.string ?? (request.string == nil ? nil : "GET"),
      let (path, examples) = path(request["url"] ?? request)
    else {
      result.assumptions.append("\(name): a request without method or path is left out")
      return
    }
    guard seen.insert("\(method) \(path)").inserted else { return }
    var parameters = Operation.names(in: path).map { name -> Parameter in
      var schema: JSONValue = ["type": "string"]
      if let example = examples[name], !example.isEmpty {
        schema = HARImport.schema(ofText: example)
      }
      return Parameter(name, .path, isRequired: true, schema: schema)
    }
    for query in request["url"]?["query"]?.elements ?? [] where query["disabled"]?.isTrue != true {
      guard let key = query["key"]?.string else { continue }
      let value = filled(query["value"]?.scalarText ?? "")
      var schema: JSONValue =
        PostmanImport.numbers.contains(key.lowercased()) ? ["type": "integer"] : [:]
      if !value.isEmpty, !value.contains("{{") {
        schema = HARImport.schema(ofText: value)
      }
      parameters.append(Parameter(key, .query, isRequired: true, schema: schema))
    }
    let isSecured = credential(request["header"]?.elements ?? [], auth)
    let (body, mediaType) = content(request["body"])
    result.operations.append(
      Operation(
        method: method.uppercased(), path: path, parameters: parameters, body: body,
        mediaType: mediaType, isSecured: isSecured, words: name))
  }

  /// Where the credential goes, if a request has one.
  private mutating func credential(_ fields: [JSONValue], _ auth: JSONValue?) -> Bool {
    for field in fields where field["disabled"]?.isTrue != true {
      guard let key = field["key"]?.string, let value = field["value"]?.string else { continue }
      let plain = Names.plain(key)
      guard
        value.contains("{{") || plain == "authorization" || plain.hasSuffix("token")
          || plain.hasSuffix("apikey"), plain != "contenttype", plain != "accept"
      else { continue }
      let words = value.split(separator: " ")
      result.credential = (
        key, words.count > 1 ? words[0] + " " : String(value.prefix { $0 != "{" })
      )
      if !value.contains("{{"), words.count < 2 { result.credential.prefix = "" }
      return true
    }
    switch auth?["type"]?.string {
    case "bearer", "oauth2", "jwt": result.credential = ("Authorization", "Bearer ")
    case "basic": result.credential = ("Authorization", "Basic ")
    case "apikey":
      let values = auth?["apikey"]?.elements ?? []
      let key = values.first { $0["key"]?.string == "key" }?["value"]?.string ?? "X-Api-Key"
      result.credential = (key, "")
    default: return false
    }
    return true
  }

  private func content(_ body: JSONValue?) -> (JSONValue?, String) {
    let mode = body?["mode"]?.string ?? "raw"
    if mode == "urlencoded" || mode == "formdata" {
      let members = (body?[mode]?.elements ?? []).compactMap { pair -> JSONMember? in
        guard let key = pair["key"]?.string, pair["disabled"]?.isTrue != true else { return nil }
        if pair["type"]?.string == "file" {
          return JSONMember(key, ["type": "string", "format": "binary"])
        }
        return JSONMember(key, HARImport.schema(ofText: filled(pair["value"]?.scalarText ?? "")))
      }
      return (
        ["type": "object", "properties": .object(members)],
        mode == "urlencoded" ? "application/x-www-form-urlencoded" : "multipart/form-data"
      )
    }
    guard let raw = body?["raw"]?.string, !raw.isEmpty else { return (nil, "application/json") }
    let text = filled(raw)
    // A variable without quotes stands for a number.
    let value =
      JSONValue.read(Array(text.utf8))
      ?? JSONValue.read(Array(PostmanImport.withoutVariables(text).utf8))
    return (value.map { PostmanImport.schema(of: $0) }, "application/json")
  }

  private static func withoutVariables(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      result += rest[..<open.lowerBound] + "1"
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  /// The path with `{name}` for `:name` and for `{{name}}`, without the host, and the values that
  /// are given for the names.
  private func path(_ url: JSONValue?) -> (path: String, examples: [String: String])? {
    var segments = url?["path"]?.elements.compactMap { $0.string ?? $0["value"]?.string } ?? []
    if segments.isEmpty, let raw = url?["raw"]?.string ?? url?.string {
      let withoutScheme = raw.firstRange(of: "://").map { raw[$0.upperBound...] } ?? raw[...]
      let path = withoutScheme.prefix { $0 != "?" }
      segments = path.split(separator: "/").dropFirst().map(String.init)
    }
    var examples: [String: String] = [:]
    for variable in url?["variable"]?.elements ?? [] {
      if let key = variable["key"]?.string {
        examples[key] = filled(variable["value"]?.scalarText ?? "")
      }
    }
    var noun = ""
    let named = segments.map { segment -> String in
      if segment.hasPrefix(":") { return "{\(segment.dropFirst())}" }
      if segment.hasPrefix("{{"), segment.hasSuffix("}}") {
        let name = String(segment.dropFirst(2).dropLast(2))
        examples[name] = variables[name]
        return "{\(name)}"
      }
      let text = filled(segment)
      guard Names.isIdentifier(text), !noun.isEmpty else {
        noun = text
        return text
      }
      // What somebody called once, with one object's identifier, is an operation on all of them.
      var name = Names.subject(of: "/" + noun) + "_id"
      if examples[name] != nil { name += "_\(examples.count + 1)" }
      examples[name] = text
      return "{\(name)}"
    }
    return named.isEmpty ? nil : ("/" + named.joined(separator: "/"), examples)
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
