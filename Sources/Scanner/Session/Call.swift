/// One request to an operation, as the checks put it together.
struct Call: Sendable {
  var method: String
  /// The path with its parameters in place.
  var path: String
  var query: [(name: String, value: String)] = []
  var fields: [(name: String, value: String)] = []
  var body: JSONValue?
  var mediaType = "application/json"
  /// The GraphQL text that `body` holds the variables of; nil for everything else.
  var document: String?
  /// The content word for word, instead of `body`.
  var raw: String?
  /// The name and type that a file in the content is given.
  var file = (name: "gh.txt", type: "text/plain")
  /// Who sends it; nil for anonymous.
  var identity: String?

  /// A request to what no description names.
  init(_ method: String, _ path: String, as identity: String? = nil) {
    self.method = method
    self.path = path
    self.identity = identity
  }

  /// A request to an operation, with these path parameters.
  init(_ operation: Operation, _ values: [String: String], as identity: String?) {
    method = operation.method
    var path = operation.path
    for name in Operation.names(in: path) {
      path = path.replacing("{\(name)}", with: URLText.encode(values[name] ?? "1"))
    }
    self.path = path
    self.identity = identity
    mediaType = operation.mediaType
    document = operation.document
  }

  /// Whether it is meant to change nothing.
  var isRead: Bool { method == "GET" || method == "HEAD" }

  /// The path with the query.
  var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\(URLText.encode($0.name))=\(URLText.encode($0.value))" }
    return path + "?" + pairs.joined(separator: "&")
  }

  /// The same call by somebody else.
  func by(_ identity: String?) -> Call {
    var other = self
    other.identity = identity
    return other
  }

  /// The same call with one query parameter set.
  func with(query name: String, _ value: String) -> Call {
    var other = self
    other.query.removeAll { $0.name == name }
    other.query.append((name, value))
    return other
  }

  /// The same call with one field set.
  func with(field name: String, _ value: String) -> Call {
    var other = self
    other.fields.removeAll { $0.name.lowercased() == name.lowercased() }
    other.fields.append((name, value))
    return other
  }

  /// The same call with one member of the content set; dots lead to inner objects.
  func with(member name: String, _ value: JSONValue) -> Call {
    var other = self
    other.body = (body ?? .object([])).setting(
      path: name.split(separator: ".").map(String.init), value)
    return other
  }

  /// The content as bytes.
  var content: [UInt8]? {
    if let raw { return Array(raw.utf8) }
    if let document {
      let whole: JSONValue = ["query": .string(document), "variables": body ?? .object([])]
      return Array(whole.serialized.utf8)
    }
    guard let body else { return nil }
    if mediaType.contains("x-www-form-urlencoded") {
      let pairs = body.members.map {
        "\(URLText.encode($0.name))=\(URLText.encode($0.value.scalarText ?? $0.value.serialized))"
      }
      return Array(pairs.joined(separator: "&").utf8)
    }
    if mediaType.contains("multipart/form-data") { return Array(multipart(body).utf8) }
    if mediaType.contains("xml") { return Array(Call.xml(body, "request").utf8) }
    return Array(body.serialized.utf8)
  }

  private static let boundary = "gatehouse-boundary-7f3a"

  /// What `Content-Type` says.
  var contentType: String {
    if raw != nil { return mediaType }
    if document != nil { return "application/json" }
    return mediaType.contains("multipart/form-data")
      ? "multipart/form-data; boundary=\(Call.boundary)" : mediaType
  }

  /// RFC 7578; what the description calls binary goes as a small file.
  private func multipart(_ body: JSONValue) -> String {
    var text = ""
    for member in body.members {
      let value = member.value.scalarText ?? member.value.serialized
      let isFile = value.hasPrefix("ghfile:")
      text += "--\(Call.boundary)\r\nContent-Disposition: form-data; name=\"\(member.name)\""
      if isFile { text += "; filename=\"\(file.name)\"\r\nContent-Type: \(file.type)" }
      text += "\r\n\r\n\(isFile ? String(value.dropFirst(7)) : value)\r\n"
    }
    return text + "--\(Call.boundary)--\r\n"
  }

  private static func xml(_ value: JSONValue, _ name: String) -> String {
    switch value {
    case .object(let members):
      "<\(name)>" + members.map { xml($0.value, $0.name) }.joined() + "</\(name)>"
    case .array(let elements): elements.map { xml($0, name) }.joined()
    default: "<\(name)>\(Markup.escape(value.scalarText ?? ""))</\(name)>"
    }
  }

  /// A line for a shell that sends the same, with `base` before the path and `$TOKEN_NAME` for
  /// what the caller proves itself with.
  func curl(base: String, credential: String?) -> String {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
    var line = "curl -sS"
    if method != "GET" { line += " -X \(method)" }
    for field in fields { line += " -H " + quoted("\(field.name): \(field.value)") }
    if let identity, let credential, !fields.contains(where: { $0.name == credential }) {
      let name = identity.uppercased().filter { $0.isLetter || $0.isNumber }
      line += " -H \"\(credential): $CREDENTIAL_\(name)\""
    }
    if let content {
      line += " -H " + quoted("Content-Type: \(contentType)")
      line += " --data-binary " + quoted(String(decoding: content, as: UTF8.self))
    }
    return line + " " + quoted(base + target)
  }
}
