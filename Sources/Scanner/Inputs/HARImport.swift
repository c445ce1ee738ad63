/// Reads recorded traffic (HAR 1.2) as operations: what was requested of one host, with
/// identifiers in paths taken as parameters.
struct HARImport {
  /// One request of the recording.
  private struct Entry {
    let method: String
    let origin: String
    let segments: [String]
    let request: JSONValue
    let status: Int
    let answer: JSONValue?
  }

  private var result = APIDescription()
  private var entries: [Entry] = []
  /// Values that answers had as identifiers.
  private var identifiers: Set<String> = []

  /// The description in `root`; nil if that is no recording.
  static func read(_ root: JSONValue) -> APIDescription? {
    guard let list = root["log"]?["entries"]?.elements else { return nil }
    var reader = HARImport()
    reader.result.title = root["log"]?["pages"]?.elements.first?["title"]?.string ?? "Recording"
    reader.collect(list)
    reader.group()
    return reader.result
  }

  private mutating func collect(_ list: [JSONValue]) {
    var counts: [String: Int] = [:]
    for entry in list {
      guard let request = entry["request"], let method = request["method"]?.string,
        let url = request["url"]?.string, let (origin, path) = HARImport.split(url),
        !HARImport.isAsset(path, entry["response"])
      else { continue }
      let text = entry["response"]?["content"]?["text"]?.string
      let answer = text.flatMap { JSONValue.read(Array($0.utf8)) }
      entries.append(
        Entry(
          method: method.uppercased(), origin: origin,
          segments: path.split(separator: "/").map { HARImport.decode(String($0)) },
          request: request, status: entry["response"]?["status"]?.integer ?? 0, answer: answer))
      counts[origin, default: 0] += answer == nil ? 1 : 3
    }
    guard let main = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      return
    }
    let others = counts.keys.filter { $0 != main }.sorted()
    if !others.isEmpty {
      result.assumptions.append("requests to \(others.joined(separator: ", ")) are left out")
    }
    entries = entries.filter { $0.origin == main }
    for entry in entries {
      for object in entry.answer?.objects ?? [] {
        for member in object.members {
          let plain = Names.plain(member.name)
          guard plain.hasSuffix("id") || ["slug", "key", "code", "username"].contains(plain),
            let text = member.value.scalarText, !text.isEmpty
          else { continue }
          identifiers.insert(text)
        }
      }
    }
  }

  private static func split(_ url: String) -> (origin: String, path: String)? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let rest = url[scheme.upperBound...]
    let host = rest.prefix { !"/?#".contains($0) }
    let path = rest.dropFirst(host.count).prefix { !"?#".contains($0) }
    return (String(url[..<scheme.upperBound] + host), String(path))
  }

  private static func isAsset(_ path: String, _ response: JSONValue?) -> Bool {
    let type = response?["content"]?["mimeType"]?.string ?? ""
    if ["javascript", "css", "image/", "font", "wasm"].contains(where: type.contains) {
      return true
    }
    return [".js", ".css", ".png", ".svg", ".ico", ".woff2", ".map", ".jpg"].contains {
      path.hasSuffix($0)
    }
  }

  static func decode(_ text: String) -> String {
    var bytes: [UInt8] = []
    var left = Array(text.utf8)[...]
    while let byte = left.popFirst() {
      if byte == UInt8(ascii: "%"), left.count >= 2,
        let value = UInt8(String(decoding: left.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        left = left.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a segment of a path looks like an identifier.
  private func isIdentifier(_ segment: String) -> Bool {
    if Names.isVersion(segment), segment.first == "v" { return false }
    return identifiers.contains(segment) || Names.isIdentifier(segment)
  }

  private mutating func group() {
    var order: [String] = []
    var groups: [String: [(Entry, [String: String])]] = [:]
    for entry in entries where entry.method != "OPTIONS" {
      var path = ""
      var values: [String: String] = [:]
      var noun = ""
      for segment in entry.segments {
        guard isIdentifier(segment), !noun.isEmpty else {
          path += "/" + segment
          noun = segment
          continue
        }
        var name = Names.singular(noun.lowercased()) + "_id"
        if values[name] != nil { name += "_\(values.count + 1)" }
        values[name] = segment
        path += "/{\(name)}"
      }
      let key = "\(entry.method) \(path.isEmpty ? "/" : path)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append((entry, values))
    }
    for key in order {
      let words = key.split(separator: " ", maxSplits: 1).map(String.init)
      if let found = groups[key], words.count == 2 { operation(words[0], words[1], found) }
    }
    result.assumptions.append(
      "\(result.operations.count) operations are made of \(entries.count) recorded requests")
  }

  private mutating func operation(
    _ method: String, _ path: String, _ found: [(Entry, [String: String])]
  ) {
    // Of several requests, the one that was answered best says most.
    guard
      let (best, values) = found.first(where: { (200..<300).contains($0.0.status) }) ?? found.first
    else { return }
    var parameters = Operation.names(in: path).map { name -> Parameter in
      let isNumber = found.allSatisfy { Int($0.1[name] ?? "") != nil }
      let type: JSONValue = isNumber ? "integer" : "string"
      return Parameter(name, .path, isRequired: true, schema: ["type": type])
    }
    _ = values
    var isSecured = false
    for (entry, _) in found {
      for pair in entry.request["queryString"]?.elements ?? [] {
        guard let name = pair["name"]?.string,
          !parameters.contains(where: { $0.name == name && $0.location == .query })
        else { continue }
        let value = HARImport.decode(pair["value"]?.string ?? "")
        parameters.append(
          Parameter(
            name, .query, isRequired: best.request["queryString"]?.elements.contains(pair) == true,
            schema: HARImport.schema(ofText: value)))
      }
      for field in entry.request["headers"]?.elements ?? [] {
        guard let name = field["name"]?.string, let value = field["value"]?.string,
          let prefix = HARImport.credentialPrefix(name, value)
        else { continue }
        isSecured = true
        result.credential = (name, prefix)
      }
    }
    let data = best.request["postData"]
    let type = data?["mimeType"]?.string ?? "application/json"
    var body = data?["text"]?.string.flatMap { JSONValue.read(Array($0.utf8)) }
      .map { PostmanImport.schema(of: $0) }
    if body == nil, let pairs = data?["params"]?.elements, !pairs.isEmpty {
      let properties = pairs.compactMap { pair -> JSONMember? in
        pair["name"]?.string.map {
          JSONMember($0, HARImport.schema(ofText: pair["value"]?.string ?? ""))
        }
      }
      body = ["type": "object", "properties": .object(properties)]
    }
    result.operations.append(
      Operation(
        method: method, path: path, parameters: parameters, body: body,
        mediaType: String(type.prefix { $0 != ";" }), isSecured: isSecured, words: ""))
  }

  /// What stands before the credential in a field that holds one; nil for other fields.
  private static func credentialPrefix(_ name: String, _ value: String) -> String? {
    let plain = Names.plain(name)
    if plain == "authorization" {
      return value.split(separator: " ").count > 1
        ? String(value.prefix { $0 != " " }) + " " : ""
    }
    return ["xapikey", "apikey", "xauthtoken", "xaccesstoken", "authorizationtoken", "xtoken"]
      .contains(plain) ? "" : nil
  }

  /// The schema that a text in a query or a form stands for.
  static func schema(ofText text: String) -> JSONValue {
    if let number = Int(text) { return ["type": "integer", "example": .integer(number)] }
    if text == "true" || text == "false" { return ["type": "boolean"] }
    return text.isEmpty ? ["type": "string"] : ["type": "string", "example": .string(text)]
  }
}
