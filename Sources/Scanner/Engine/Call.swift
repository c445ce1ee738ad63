/// One request to an operation, as the checks put it together.
struct Call: Sendable {
  var method: String
  /// The path with its parameters in place.
  var path: String
  var query: [(name: String, value: String)] = []
  var fields: [(name: String, value: String)] = []
  var body: JSONValue?
  var mediaType = "application/json"
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
  }

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

  /// The same call with one member of the content set.
  func with(member name: String, _ value: JSONValue) -> Call {
    var other = self
    other.body = (body ?? .object([])).setting(name, value)
    return other
  }

  /// The content as bytes.
  var content: [UInt8]? {
    guard let body else { return nil }
    if mediaType.contains("x-www-form-urlencoded") {
      let pairs = body.members.map {
        "\(URLText.encode($0.name))=\(URLText.encode($0.value.scalarText ?? ""))"
      }
      return Array(pairs.joined(separator: "&").utf8)
    }
    return Array(body.serialized.utf8)
  }
}
