/// Reads what a gateway has seen as operations: lines of its access log or of its events, as JSON.
///
/// Contents and credentials are in neither. An operation is what answered somebody with 2xx, and
/// demands a credential if whoever asked was known by one.
struct TrafficImport {
  private struct Seen {
    let method: String
    let path: String
    var values: [String: String]
    var query: [String: String]
    var isSecured: Bool
    var mediaType: String?
  }

  private static let linesMax = 2_000_000
  private var order: [String] = []
  private var seen: [String: Seen] = [:]

  /// The description in `bytes`; nil if their first line is no such line.
  static func read(_ bytes: [UInt8]) -> APIDescription? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: linesMax)
    guard let first = lines.first, let line = JSONValue.read(Array(first)), isLine(line) else {
      return nil
    }
    var reader = TrafficImport()
    var others = 0
    for line in lines {
      guard let value = JSONValue.read(Array(line)), isLine(value) else {
        others += 1
        continue
      }
      reader.take(value)
    }
    var result = APIDescription()
    result.title = "Recorded traffic"
    result.operations = reader.order.compactMap { reader.seen[$0] }.map(operation)
    result.assumptions = [
      "\(result.operations.count) operations are made of \(lines.count - others) requests seen"
    ]
    if others > 0 { result.assumptions.append("\(others) lines are no requests") }
    return result
  }

  private static func isLine(_ value: JSONValue) -> Bool {
    value["method"]?.string != nil && value["path"]?.string?.hasPrefix("/") == true
      && value["status"]?.integer != nil
  }

  private mutating func take(_ line: JSONValue) {
    guard let method = line["method"]?.string, let path = line["path"]?.string,
      let status = line["status"]?.integer, (200..<300).contains(status),
      !["OPTIONS", "HEAD", "TRACE", "CONNECT"].contains(method)
    else { return }
    let (shape, values) = TrafficImport.shape(path, line["template"]?.string)
    let key = method + " " + shape
    if seen[key] == nil { order.append(key) }
    var entry =
      seen[key]
      ?? Seen(method: method, path: shape, values: [:], query: [:], isSecured: false)
    entry.values.merge(values) { first, _ in first }
    for pair in (line["query"]?.string ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { HARImport.decode(String($0)) }
      if let name = parts.first, !name.isEmpty, entry.query[name] == nil {
        entry.query[name] = parts.count > 1 ? parts[1] : ""
      }
    }
    for name in ["consumer", "credential", "subject"] where line[name]?.scalarText != nil {
      entry.isSecured = true
    }
    entry.mediaType = entry.mediaType ?? line["request_type"]?.string
    seen[key] = entry
  }

  /// A path with names for what identifies something: those of the route's template, if it has any.
  private static func shape(_ path: String, _ template: String?) -> (String, [String: String]) {
    let segments = path.split(separator: "/").map { HARImport.decode(String($0)) }
    var values: [String: String] = [:]
    if let template, template.contains("{") {
      let names = template.split(separator: "/").map(String.init)
      if names.count == segments.count {
        for (name, segment) in zip(names, segments) where name.hasPrefix("{") {
          values[String(name.dropFirst().prefix { $0 != "}" && $0 != ":" })] = segment
        }
        let plain = names.map { name in
          name.hasPrefix("{") ? "{\(name.dropFirst().prefix { $0 != "}" && $0 != ":" })}" : name
        }
        return ("/" + plain.joined(separator: "/"), values)
      }
    }
    var shape = ""
    var noun = ""
    for segment in segments {
      guard Names.isIdentifier(segment), !noun.isEmpty else {
        shape += "/" + segment
        noun = segment
        continue
      }
      var name = Names.subject(of: "/" + noun) + "_id"
      if values[name] != nil { name += "_\(values.count + 1)" }
      values[name] = segment
      shape += "/{\(name)}"
    }
    return (shape.isEmpty ? "/" : shape, values)
  }

  private static func operation(_ entry: Seen) -> Operation {
    var parameters = Operation.names(in: entry.path).map { name in
      Parameter(
        name, .path, isRequired: true, schema: HARImport.schema(ofText: entry.values[name] ?? "a"))
    }
    for (name, value) in entry.query.sorted(by: { $0.key < $1.key }) {
      parameters.append(
        Parameter(name, .query, isRequired: false, schema: HARImport.schema(ofText: value)))
    }
    let hasContent = ["POST", "PUT", "PATCH"].contains(entry.method)
    return Operation(
      method: entry.method, path: entry.path, parameters: parameters,
      body: hasContent ? ["type": "object"] : nil,
      mediaType: entry.mediaType ?? "application/json", isSecured: entry.isSecured, words: "")
  }
}
