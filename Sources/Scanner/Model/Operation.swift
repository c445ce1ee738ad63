/// One operation of an API: what the checks know of it, whatever description it came from.
package struct Operation: Hashable, Sendable {
  package let method: String
  /// The path below the base, with `{name}` for each path parameter.
  package let path: String
  package let parameters: [Parameter]
  /// The schema of the content, references resolved; nil if there is none.
  package let body: JSONValue?
  /// The media type of the content.
  package let mediaType: String
  /// Whether the description says that callers must prove who they are.
  package let isSecured: Bool
  /// Name, summary, description and tags.
  package let words: String
  /// For a field of a GraphQL schema, its name with the root type's: `Query.orders`.
  package let graphField: String?
  /// For a field of a GraphQL schema, the text that asks for it.
  package let document: String?
  /// The statuses that the description names, and the schema of each answer, as far as it says.
  package let answers: [String: JSONValue]

  package init(
    method: String, path: String, parameters: [Parameter], body: JSONValue?,
    mediaType: String = "application/json", isSecured: Bool, words: String,
    graphField: String? = nil, document: String? = nil, answers: [String: JSONValue] = [:]
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.body = body
    self.mediaType = mediaType
    self.isSecured = isSecured
    self.words = words
    self.graphField = graphField
    self.document = document
    self.answers = answers
  }

  /// `METHOD /path/{name}`: where findings are.
  package var place: String { "\(method) \(path)" }

  /// The place, and for GraphQL the field: no two operations have the same.
  package var name: String { graphField.map { "\(place) \($0)" } ?? place }

  /// A parameter's name as findings have it.
  func parameterName(_ name: String) -> String { graphField.map { "\($0).\(name)" } ?? name }

  /// The segments of the path.
  var segments: [String] { path.split(separator: "/").map(String.init) }

  var pathParameters: [Parameter] {
    let known = parameters.filter { $0.location == .path }
    return Operation.names(in: path).map { name in
      known.first { $0.name == name }
        ?? Parameter(name, .path, isRequired: true, schema: ["type": "string"])
    }
  }

  var queryParameters: [Parameter] { parameters.filter { $0.location == .query } }

  /// The names in braces, in order.
  static func names(in path: String) -> [String] {
    path.split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first }
      .map(String.init)
  }

  /// The path up to and with its last parameter; nil if it has none.
  var objectPath: String? { path.lastIndex(of: "}").map { String(path[...$0]) } }

  /// Whether the path ends in a parameter.
  var isItem: Bool { path.hasSuffix("}") }

  /// The members that the content may have, with their schemas.
  var bodyMembers: [JSONMember] { body?["properties"]?.members ?? [] }

  /// The texts of the content that a probe may stand in: dotted names with their schemas.
  var textMembers: [JSONMember] {
    Operation.members(body ?? [:], "", depth: 0) { type, schema in
      (type == nil || type == "string") && schema["enum"] == nil
    }
  }

  /// All that the content may hold, whatever it is wrapped in: dotted names with their schemas.
  var leafMembers: [JSONMember] { Operation.members(body ?? [:], "", depth: 0) { _, _ in true } }

  /// What all members of the content are wrapped in, dot included; empty if they are not.
  var wrapper: String {
    var prefix = ""
    var schema = body ?? [:]
    for _ in 0..<3 {
      guard let only = schema["properties"]?.members, only.count == 1,
        only[0].value["properties"] != nil
      else { break }
      prefix += only[0].name + "."
      schema = only[0].value
    }
    return prefix
  }

  /// The last part of a dotted name.
  static func last(of name: String) -> String {
    name.split(separator: ".").last.map(String.init) ?? name
  }

  /// The numbers of the content: dotted names with their schemas.
  var numberMembers: [JSONMember] {
    Operation.members(body ?? [:], "", depth: 0) { type, _ in
      type == "integer" || type == "number"
    }
  }

  private static func members(
    _ schema: JSONValue, _ prefix: String, depth: Int,
    where isWanted: (String?, JSONValue) -> Bool
  ) -> [JSONMember] {
    guard depth < 4 else { return [] }
    return (schema["properties"]?.members ?? []).flatMap { member -> [JSONMember] in
      let name = prefix + member.name
      let inner = member.value["items"] ?? member.value
      if inner["properties"] != nil {
        return members(inner, name + ".", depth: depth + 1, where: isWanted)
      }
      let type = member.value["type"]?.string ?? member.value["type"]?.elements.first?.string
      return isWanted(type, member.value) ? [JSONMember(name, member.value)] : []
    }
  }

  /// The last word of the path that is no parameter, in lower case.
  var noun: String { segments.last { !$0.hasPrefix("{") }?.lowercased() ?? "" }

  /// Whether it is meant to change nothing.
  var isRead: Bool {
    graphField.map { $0.hasPrefix("Query.") } ?? (method == "GET" || method == "HEAD")
  }

  /// Whether calling it would do harm to all: empty a database, end a process, sign callers out.
  var isDangerous: Bool {
    let text =
      segments.filter { !$0.hasPrefix("{") }.joined(separator: "/") + "/"
      + (graphField ?? "")
    let plain = text.lowercased().filter { $0.isLetter || $0 == "/" }
    if !path.contains("{"), Operation.wideHarms.contains(where: { plain.contains($0) }) {
      return true
    }
    return Operation.harms.contains { plain.contains($0) }
  }

  /// Words that harm all, or the caller for good, where no object is named.
  private static let wideHarms = [
    "deactivate", "deleteaccount", "closeaccount", "deleteme", "reindex", "migrate", "rollback",
    "restore", "sendall", "broadcast",
  ]

  private static let harms = [
    "createdb", "resetdb", "resetdatabase", "initdb", "dropdb", "dropdatabase", "seeddb", "reseed",
    "populatedb", "truncate", "shutdown", "restart", "reboot", "factoryreset", "wipe", "purgeall",
    "deleteall", "removeall", "clearall", "logout", "signout", "sign-out", "logoff", "revoke",
    "killserver", "resetall", "reset-db",
  ]
}
