package import Client

/// Runs a Postman collection: its requests in order, with variables, and the tests in its scripts
/// that can be understood without running JavaScript.
package struct CollectionRun: Sendable {
  private static let depthMax = 16

  private let root: JSONValue
  private let client: Client
  private let target: String?
  private var variables: [String: String]
  private var cases: [CollectionCase] = []

  /// Nil if `bytes` are no collection. With `target`, requests go there and nowhere else.
  package init?(
    _ bytes: [UInt8], environment: [UInt8]?, target: String?, client: Client
  ) {
    guard let root = JSONValue.read(bytes), root["item"] != nil else { return nil }
    self.root = root
    self.client = client
    self.target = target
    variables = [:]
    for variable in root["variable"]?.elements ?? [] {
      if let key = variable["key"]?.string { variables[key] = variable["value"]?.scalarText ?? "" }
    }
    if let environment {
      guard let values = JSONValue.read(environment)?["values"]?.elements else { return nil }
      for value in values where value["enabled"] != .boolean(false) {
        if let key = value["key"]?.string { variables[key] = value["value"]?.scalarText ?? "" }
      }
    }
  }

  /// The name of the collection.
  package var name: String { root["info"]?["name"]?.string ?? "collection" }

  /// Runs everything; `show` sees each request's outcome as it comes.
  package mutating func run(
    show: @Sendable (CollectionCase) -> Void
  ) async -> [CollectionCase] {
    await items(root["item"]?.elements ?? [], [], root["auth"], depth: 0, show)
    return cases
  }

  private mutating func items(
    _ items: [JSONValue], _ path: [String], _ auth: JSONValue?, depth: Int,
    _ show: @Sendable (CollectionCase) -> Void
  ) async {
    guard depth < CollectionRun.depthMax else { return }
    for item in items {
      let here = path + [item["name"]?.string ?? "?"]
      if let inner = item["item"]?.elements {
        await self.items(inner, here, item["auth"] ?? auth, depth: depth + 1, show)
      } else if item["request"] != nil {
        let found = await request(item, here.joined(separator: " / "), auth)
        cases.append(found)
        show(found)
      }
    }
  }

  private func filled(_ text: String) -> String {
    var text = text
    // A variable may name others; some levels of that are enough.
    for _ in 0..<4 where text.contains("{{") {
      for (name, value) in variables { text = text.replacing("{{\(name)}}", with: value) }
    }
    return text
  }

  private mutating func request(
    _ item: JSONValue, _ name: String, _ auth: JSONValue?
  ) async -> CollectionCase {
    var result = CollectionCase(name: name)
    let request = item["request"] ?? .null
    let raw = filled(request["url"]?["raw"]?.string ?? request["url"]?.string ?? "")
    var url = raw
    for variable in request["url"]?["variable"]?.elements ?? [] {
      if let key = variable["key"]?.string {
        url = url.replacing("/:\(key)", with: "/" + filled(variable["value"]?.scalarText ?? ""))
      }
    }
    if let target, let (_, path) = ClientOrigin.split(url.contains("://") ? url : "http://" + url) {
      url = target + path
    }
    guard let (origin, path) = ClientOrigin.split(url) else {
      result.failures.append("'\(url)' is no http or https URL")
      return result
    }
    var fields = (request["header"]?.elements ?? []).compactMap { field -> (String, String)? in
      guard let key = field["key"]?.string, field["disabled"]?.isTrue != true else { return nil }
      return (key.lowercased(), filled(field["value"]?.string ?? ""))
    }
    fields += credential(request["auth"] ?? auth)
    let (body, type) = content(request["body"])
    if let type, !fields.contains(where: { $0.0 == "content-type" }) {
      fields.append(("content-type", type))
    }
    let method = request["method"]?.string ?? "GET"
    result.request = "\(method) \(path)"
    do throws(ClientError) {
      let answer = try await client.send(
        ClientRequest(method, origin, target: path, fields: fields, body: body))
      result.status = answer.status
      result.milliseconds = Int(answer.elapsedNanoseconds / 1_000_000)
      judge(item, answer, &result)
    } catch { result.failures.append("no answer: \(error)") }
    return result
  }

  private func credential(_ auth: JSONValue?) -> [(String, String)] {
    func value(_ key: String) -> String {
      let list = auth?[auth?["type"]?.string ?? ""]?.elements ?? []
      return filled(list.first { $0["key"]?.string == key }?["value"]?.scalarText ?? "")
    }
    switch auth?["type"]?.string {
    case "bearer": return [("authorization", "Bearer " + value("token"))]
    case "basic":
      return [("authorization", BasicCredential.field(value("username"), value("password")))]
    case "apikey" where value("in") != "query": return [(value("key").lowercased(), value("value"))]
    default: return []
    }
  }

  private func content(_ body: JSONValue?) -> ([UInt8]?, String?) {
    switch body?["mode"]?.string {
    case "raw":
      let language = body?["options"]?["raw"]?["language"]?.string
      let text = filled(body?["raw"]?.string ?? "")
      return (Array(text.utf8), language == "xml" ? "application/xml" : "application/json")
    case "urlencoded":
      let pairs = (body?["urlencoded"]?.elements ?? []).compactMap { pair -> String? in
        guard let key = pair["key"]?.string, pair["disabled"]?.isTrue != true else { return nil }
        return URLText.encode(key) + "="
          + URLText.encode(filled(pair["value"]?.scalarText ?? ""))
      }
      return (Array(pairs.joined(separator: "&").utf8), "application/x-www-form-urlencoded")
    case "graphql":
      let variables = JSONValue.read(
        Array(filled(body?["graphql"]?["variables"]?.string ?? "{}").utf8))
      let value: JSONValue = [
        "query": .string(filled(body?["graphql"]?["query"]?.string ?? "")),
        "variables": variables ?? .object([]),
      ]
      return (Array(value.serialized.utf8), "application/json")
    default: return (nil, nil)
    }
  }

  // MARK: Tests

  private mutating func judge(
    _ item: JSONValue, _ answer: ClientResponse, _ result: inout CollectionCase
  ) {
    for event in item["event"]?.elements ?? [] {
      let exec = event["script"]?["exec"]
      let lines =
        exec?.elements.compactMap(\.string)
        ?? exec?.string.map { $0.split(separator: "\n").map(String.init) } ?? []
      if event["listen"]?.string == "prerequest" {
        let skipped = CollectionStatement.read(lines).filter {
          if case .keepText(let name, let value) = $0 {
            variables[name] = value
            return false
          }
          return true
        }
        if !skipped.isEmpty { result.skipped.append("the script before the request") }
      } else if event["listen"]?.string == "test" {
        for statement in CollectionStatement.read(lines) { judge(statement, answer, &result) }
      }
    }
  }

  private mutating func judge(
    _ statement: CollectionStatement, _ answer: ClientResponse, _ result: inout CollectionCase
  ) {
    func demand(_ holds: Bool, _ text: String) {
      result.testCount += 1
      if !holds { result.failures.append(text) }
    }
    let json = JSONValue.read(answer.body)
    switch statement {
    case .status(let wanted):
      demand(wanted.contains(answer.status), "status \(answer.status) instead of \(wanted)")
    case .isSuccess: demand((200..<300).contains(answer.status), "status \(answer.status)")
    case .below(let most):
      demand(result.milliseconds < most, "\(result.milliseconds) ms instead of below \(most)")
    case .hasField(let name, let value):
      let found = answer.value(name.lowercased())
      demand(found != nil && (value == nil || found == value), "the field \(name) is missing")
    case .bodyContains(let text):
      let body = String(decoding: answer.body, as: UTF8.self)
      demand(body.contains(text), "the content lacks '\(text)'")
    case .member(let path, let wanted):
      let found = json?.value(at: path)
      demand(
        found == wanted,
        path.joined(separator: ".") + " is \(found?.serialized ?? "missing"), "
          + "not \(wanted.serialized)"
      )
    case .memberIsThere(let path):
      demand(json?.value(at: path) != nil, "\(path.joined(separator: ".")) is missing")
    case .keep(let name, let path):
      if let text = json?.value(at: path)?.scalarText {
        variables[name] = text
      } else {
        result.failures.append("nothing to keep as '\(name)'")
      }
    case .keepText(let name, let value): variables[name] = value
    case .unknown(let line): result.skipped.append(line)
    }
  }
}
