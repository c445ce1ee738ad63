/// One place of a request that a probe can put a text into.
struct InputPoint: Sendable {
  enum Place: Sendable { case query, member, path, header, cookie }

  let operation: Operation
  let call: Call
  let place: Place
  let name: String
  /// The path parameters of the ordinary call.
  let values: [String: String]
  let schema: JSONValue

  /// The call with `text` there.
  func with(_ text: String) -> Call {
    switch place {
    case .query: return call.with(query: name, text)
    case .member: return call.with(member: name, .string(text))
    case .header: return call.with(field: name, text)
    case .cookie: return call.with(field: "Cookie", "\(name)=\(URLText.encode(text))")
    case .path:
      var changed = values
      changed[name] = text
      var other = call
      other.path = Call(operation, changed, as: nil).path
      return other
    }
  }

  /// The call with a value of another type there; nil where there are only texts.
  func with(_ value: JSONValue) -> Call? {
    place == .member ? call.with(member: name, value) : nil
  }

  /// What stands there in an ordinary call.
  var current: String {
    switch place {
    case .query: call.query.first { $0.name == name }?.value ?? ""
    case .member:
      call.body?.value(at: name.split(separator: ".").map(String.init))?.scalarText ?? ""
    case .path: values[name] ?? ""
    case .header, .cookie: call.fields.first { $0.name == name }?.value ?? ""
    }
  }

  /// Whether any text may stand there.
  var isText: Bool {
    let type = schema["type"]?.string ?? schema["type"]?.elements.first?.string ?? "string"
    return type == "string" && schema["enum"] == nil
  }

  /// The last part of a dotted name, in lower case.
  private var word: String {
    (name.split(separator: ".").last.map(String.init) ?? name).lowercased()
  }

  /// Whether the name or the description speaks of an address to be requested.
  var isAddress: Bool {
    let words = [
      "url", "uri", "link", "callback", "webhook", "hook", "endpoint", "image", "avatar", "feed",
      "src", "source", "href", "proxy", "fetch", "host", "target", "destination", "picture",
      "redirect", "site", "domain", "api", "remote", "logo", "photo", "import", "server",
    ]
    let format = schema["format"]?.string ?? ""
    return format == "uri" || format == "url" || words.contains { word.contains($0) }
      || current.hasPrefix("http")
  }

  /// Whether the name speaks of a file.
  var isFile: Bool {
    ["file", "path", "name", "doc", "template", "page", "folder", "dir", "attachment", "report"]
      .contains { word.contains($0) }
  }

  /// All places of an operation's ordinary call.
  static func all(
    of operation: Operation, _ call: Call, _ values: [String: String]
  ) -> [InputPoint] {
    var points = operation.queryParameters.map {
      InputPoint(
        operation: operation, call: call, place: .query, name: $0.name, values: values,
        schema: $0.schema)
    }
    points += operation.textMembers.map {
      InputPoint(
        operation: operation, call: call, place: .member, name: $0.name, values: values,
        schema: $0.value)
    }
    for parameter in operation.parameters {
      let place: Place? =
        parameter.location == .header && parameter.name.lowercased() != "authorization"
        ? .header : parameter.location == .cookie ? .cookie : nil
      guard let place else { continue }
      points.append(
        InputPoint(
          operation: operation, call: call, place: place, name: parameter.name, values: values,
          schema: parameter.schema))
    }
    return points
  }

  /// The places in the path.
  static func path(
    of operation: Operation, _ call: Call, _ values: [String: String]
  ) -> [InputPoint] {
    operation.pathParameters.map {
      InputPoint(
        operation: operation, call: call, place: .path, name: $0.name, values: values,
        schema: $0.schema)
    }
  }
}
