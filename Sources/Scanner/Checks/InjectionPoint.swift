/// One place of a request that a probe can put a text into.
struct InjectionPoint: Sendable {
  enum Place: Sendable { case query, member }

  let operation: Operation
  let call: Call
  let kind: Place
  let name: String

  init(_ operation: Operation, _ call: Call, _ kind: Place, _ name: String) {
    self.operation = operation
    self.call = call
    self.kind = kind
    self.name = name
  }

  var place: String { operation.name }

  /// The call with `text` there.
  func with(_ text: String) -> Call {
    switch kind {
    case .query: call.with(query: name, text)
    case .member: call.with(member: name, .string(text))
    }
  }

  /// What stands there in an ordinary call.
  var current: String {
    switch kind {
    case .query: call.query.first { $0.name == name }?.value ?? ""
    case .member: call.body?[name]?.scalarText ?? ""
    }
  }

  /// Whether the name or the description speaks of an address to be requested.
  var isAddress: Bool {
    let words = [
      "url", "uri", "link", "callback", "webhook", "hook", "endpoint", "image", "avatar", "feed",
      "src", "source", "href", "proxy", "fetch", "host", "target", "destination", "picture",
    ]
    let schema = operation.bodyMembers.first { $0.name == name }?.value
    let format = schema?["format"]?.string ?? ""
    return format == "uri" || format == "url"
      || words.contains { name.lowercased().contains($0) } || current.hasPrefix("http")
  }

  /// Whether the name speaks of a file.
  var isFile: Bool {
    ["file", "path", "name", "doc", "template", "page", "folder"].contains {
      name.lowercased().contains($0)
    }
  }
}
