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

  package init(
    method: String, path: String, parameters: [Parameter], body: JSONValue?,
    mediaType: String = "application/json", isSecured: Bool, words: String
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.body = body
    self.mediaType = mediaType
    self.isSecured = isSecured
    self.words = words
  }

  /// `METHOD /path/{name}`.
  package var name: String { "\(method) \(path)" }

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

  /// The last word of the path that is no parameter, in lower case.
  var noun: String { segments.last { !$0.hasPrefix("{") }?.lowercased() ?? "" }

  var isRead: Bool { method == "GET" || method == "HEAD" }
}
