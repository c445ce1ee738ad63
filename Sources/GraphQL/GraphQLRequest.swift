import Formats

/// One GraphQL request over HTTP, checked before it is passed on.
public struct GraphQLRequest: Sendable {
  /// What is asked for; nil while only its hash is known.
  public var query: String?
  /// The SHA-256 of a document that the server has, in hexadecimal; nil if none is named.
  public let persistedHash: String?
  let operationName: String?
  let variables: JSONValue

  /// A request whose parts came in the query of a URL; `variables` and `extensions` are JSON texts.
  public init(
    query: String?, operationName: String?, variables: String?, extensions: String? = nil,
    _ limits: GraphQLLimits
  ) throws(GraphQLFault) {
    self.query = query
    self.operationName = operationName
    persistedHash = try GraphQLRequest.persistedHash(
      try extensions.map { (text) throws(GraphQLFault) in
        try GraphQLRequest.value(text, "extensions", limits)
      })
    guard query != nil || persistedHash != nil else {
      throw GraphQLFault("request", "a document")
    }
    guard let variables, !variables.isEmpty else {
      self.variables = .null
      return
    }
    self.variables = try GraphQLRequest.value(variables, "variables", limits)
    try checkVariables(limits)
  }

  private static func value(
    _ text: String, _ name: String, _ limits: GraphQLLimits
  ) throws(GraphQLFault) -> JSONValue {
    do throws(JSONFault) {
      return try JSONValue(parsing: text, limits: jsonLimits(limits, levels: 1))
    } catch {
      throw GraphQLFault("request", "\(name) as JSON", found: "\(error)")
    }
  }

  /// The hash that `extensions` name a document by; servers must not have two to choose from, so
  /// that nothing but version 1 and a whole SHA-256 is taken.
  private static func persistedHash(
    _ extensions: JSONValue?
  ) throws(GraphQLFault) -> String? {
    guard let extensions, !extensions.isNull else { return nil }
    guard case .object(let object) = extensions else {
      throw GraphQLFault("request", "'extensions' as an object", found: extensions.typeName)
    }
    guard let persisted = object["persistedQuery"], !persisted.isNull else { return nil }
    guard case .object(let parts) = persisted, parts["version"] == 1,
      let hash = parts["sha256Hash"]?.string, hash.utf8.count == 64,
      hash.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 })
    else {
      throw GraphQLFault(
        "request", "'persistedQuery' with version 1 and a SHA-256 in lower case hexadecimal")
    }
    return hash
  }

  /// A request as a JSON object; whatever is no part of one is refused, since servers may take it
  /// for another document (GraphQL over HTTP, §5.4).
  private init(_ value: JSONValue, _ limits: GraphQLLimits) throws(GraphQLFault) {
    guard case .object(let object) = value else {
      throw GraphQLFault("request", "an object", found: value.typeName)
    }
    for member in object.members
    where !["query", "operationName", "variables", "extensions"].contains(member.name) {
      throw GraphQLFault("request", "no further member", found: member.name)
    }
    persistedHash = try GraphQLRequest.persistedHash(object["extensions"])
    query = object["query"]?.string
    guard query != nil || (persistedHash != nil && object["query"] == nil) else {
      throw GraphQLFault(
        "request", "'query' as a string", found: object["query"]?.typeName ?? "none")
    }
    switch object["operationName"] {
    case nil, .null: operationName = nil
    case .string(let name): operationName = name
    default: throw GraphQLFault("request", "'operationName' as a string")
    }
    variables = object["variables"] ?? .null
    try checkVariables(limits)
  }

  /// The requests of a JSON text: one, or a batch.
  public static func all(
    _ content: [UInt8], _ limits: GraphQLLimits
  ) throws(GraphQLFault) -> [GraphQLRequest] {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: content, limits: jsonLimits(limits, levels: 3))
    } catch {
      throw GraphQLFault("request", "JSON", found: "\(error)", at: error.offset)
    }
    guard case .array(let elements) = value else { return [try GraphQLRequest(value, limits)] }
    guard !elements.isEmpty, elements.count <= limits.batchMax else {
      throw GraphQLFault(
        "batch", "at most \(limits.batchMax) requests", found: "\(elements.count)")
    }
    var found: [GraphQLRequest] = []
    for element in elements { found.append(try GraphQLRequest(element, limits)) }
    return found
  }

  private static func jsonLimits(_ limits: GraphQLLimits, levels: Int) -> JSONLimits {
    var json = JSONLimits()
    json.bytesMax = JSONLimits.bytesBound
    json.stringBytesMax = JSONLimits.bytesBound
    json.depthMax = limits.valueDepthMax + levels
    return json
  }

  private func checkVariables(_ limits: GraphQLLimits) throws(GraphQLFault) {
    switch variables {
    case .null: return
    case .object: break
    default:
      throw GraphQLFault("request", "'variables' as an object", found: variables.typeName)
    }
    var pending = [variables]
    while let value = pending.popLast() {
      pending += value.members.map(\.value)
      guard value.elements.count <= limits.listMax else {
        throw GraphQLFault(
          "list", "at most \(limits.listMax) elements", found: "\(value.elements.count)")
      }
      pending += value.elements
    }
  }
}
