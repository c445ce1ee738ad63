import Formats

/// One GraphQL request over HTTP, checked before it is passed on.
public struct GraphQLRequest: Sendable {
  /// What is asked for.
  public let query: String
  let operationName: String?
  let variables: JSONValue

  /// A request whose parts came in the query of a URL; `variables` is a JSON text.
  public init(
    query: String, operationName: String?, variables: String?, _ limits: GraphQLLimits
  ) throws(GraphQLFault) {
    self.query = query
    self.operationName = operationName
    guard let variables, !variables.isEmpty else {
      self.variables = .null
      return
    }
    do throws(JSONFault) {
      self.variables = try JSONValue(
        parsing: variables, limits: GraphQLRequest.jsonLimits(limits, levels: 1))
    } catch {
      throw GraphQLFault("request", "variables as JSON", found: "\(error)")
    }
    try checkVariables(limits)
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
    guard let query = object["query"]?.string else {
      throw GraphQLFault(
        "request", "'query' as a string", found: object["query"]?.typeName ?? "none")
    }
    self.query = query
    switch object["operationName"] {
    case nil, .null: operationName = nil
    case .string(let name): operationName = name
    default: throw GraphQLFault("request", "'operationName' as a string")
    }
    variables = object["variables"] ?? .null
    if let extensions = object["extensions"], !extensions.isNull {
      guard case .object = extensions else {
        throw GraphQLFault("request", "'extensions' as an object", found: extensions.typeName)
      }
    }
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
