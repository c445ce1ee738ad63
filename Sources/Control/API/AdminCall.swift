import Formats
public import HTTP

/// A request to an endpoint of the admin API, read as far as all endpoints need.
public struct AdminCall: Sendable {
  /// The request as it came.
  public let request: ServiceRequest
  /// What stands in the path in the place of the template's names, decoded.
  public let parameters: [String: String]
  /// The parameters of the query, decoded.
  public let query: [String: String]
  /// Who calls; nil for endpoints that are open.
  public let caller: AdminCaller?

  /// A parameter of the path.
  func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// Whether nothing is to be changed.
  var isDryRun: Bool { query["dry-run"] == "true" }

  /// The value of a field that is there once.
  func field(_ name: String) -> String? {
    let found = request.fields.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }

  /// The content, which must be a JSON object.
  func body() throws(AdminFailure) -> JSONObject {
    let type = field("content-type").map { $0.lowercased().prefix { $0 != ";" && $0 != " " } }
    guard type == "application/json" || type == "application/merge-patch+json" else {
      throw AdminFailure(
        415, "unsupported-media-type", "The content's media type is not supported here.",
        "send application/json")
    }
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: request.body)
    } catch {
      throw .malformed("the content is no JSON: \(error)")
    }
    guard case .object(let object) = value else {
      throw .malformed("the content is no JSON object")
    }
    return object
  }

  /// The revision that `If-Match` names; nil for `*`. Its absence is refused.
  func expectedRevision() throws(AdminFailure) -> Int? {
    guard let tag = field("if-match") else { throw .preconditionRequired }
    if tag == "*" { return nil }
    guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\""),
      let number = Int(tag.dropFirst().dropLast())
    else { throw .preconditionFailed }
    return number
  }

  /// How many items of a list are asked for, and behind which.
  func page() throws(AdminFailure) -> (after: String, limit: Int) {
    var limit = 100
    if let text = query["limit"] {
      guard let number = Int(text), (1...1000).contains(number) else {
        throw .malformed("'limit' is a number from 1 to 1000")
      }
      limit = number
    }
    guard let cursor = query["cursor"] else { return ("", limit) }
    guard let bytes = Base64.decode(cursor.utf8.span),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .malformed("'cursor' is none of this API's") }
    return (text, limit)
  }

  /// A page of a list, with the cursor of the next one if there may be more.
  static func page(_ items: [JSONValue], last: String?, limit: Int) -> AdminAnswer {
    var members = [JSONMember("items", .array(items))]
    if items.count == limit, let last {
      members.append(JSONMember("next", .string(Base64.encode(last.utf8.span))))
    }
    return AdminAnswer(200, .object(members))
  }

  // MARK: Targets

  /// The segments of a path, decoded (RFC 3986 §2.1); nil if one cannot be.
  static func segments(_ path: String) -> [String]? {
    var segments: [String] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      guard let decoded = FormText.decode(part.utf8, plusIsSpace: false) else { return nil }
      segments.append(decoded)
    }
    return segments
  }

  /// The parameters of a query; of two with the same name, none is taken for the other: nil.
  static func parameters(_ query: String) -> [String: String]? {
    var parameters: [String: String] = [:]
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = FormText.decode(parts[0].utf8),
        let value = parts.count == 2 ? FormText.decode(parts[1].utf8) : ""
      else { return nil }
      if parameters.updateValue(value, forKey: name) != nil { return nil }
    }
    return parameters
  }
}
