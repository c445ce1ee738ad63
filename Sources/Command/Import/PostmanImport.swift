import Formats

/// A collection of Postman, version 2.0 or 2.1: its requests become routes.
enum PostmanImport: ImportFormat {
  static let name = "postman"
  static let summary = "a collection of Postman"

  private static let depthMax = 32

  /// What is collected on the way through the folders.
  private struct Walk {
    var variables: [String: String] = [:]
    /// By origin, in the order in which they come.
    var services: [(origin: String, routes: [Found])] = []
    var count = 0
  }

  private struct Found: Hashable {
    let method: String
    let path: String
    let authentication: String
  }

  static func read(_ root: JSONValue, into draft: inout ImportDraft) throws(ImportError) {
    let schema = root["info"]?["schema"]?.string ?? ""
    guard schema.contains("/collection/v2."), let items = root["item"]?.elements else {
      throw ImportError("this is no collection of Postman, version 2")
    }
    var walk = Walk()
    for variable in root["variable"]?.elements ?? [] {
      if let key = variable["key"]?.string, let value = variable["value"]?.string {
        walk.variables[key] = value
      }
    }
    let authentication = kind(root["auth"]) ?? "noauth"
    for (place, item) in items.enumerated() {
      try visit(item, "item[\(place)]", authentication, 0, &walk, &draft)
    }
    for key in ["event", "protocolProfileBehavior"] where root[key] != nil {
      draft.note(.left, key, "scripts and settings of Postman have no counterpart")
    }
    let called = root["info"]?["name"]?.string ?? "collection"
    for (number, found) in walk.services.enumerated() {
      let wanted = walk.services.count == 1 ? called : "\(called)-\(number + 1)"
      draft.services.append(service(found.origin, found.routes, wanted, &draft))
    }
  }

  private static func kind(_ value: JSONValue?) -> String? {
    guard let value, !value.isNull else { return nil }
    return value["type"]?.string
  }

  private static func visit(
    _ item: JSONValue, _ place: String, _ inherited: String, _ depth: Int, _ walk: inout Walk,
    _ draft: inout ImportDraft
  ) throws(ImportError) {
    guard depth < depthMax else { throw ImportError("\(place): folders nest too deeply") }
    let authentication = kind(item["auth"]) ?? kind(item["request"]?["auth"]) ?? inherited
    if item["event"] != nil { draft.note(.left, "\(place).event", "scripts have no counterpart") }
    if let items = item["item"]?.elements {
      for (number, part) in items.enumerated() {
        try visit(part, "\(place).item[\(number)]", authentication, depth + 1, &walk, &draft)
      }
      return
    }
    guard let request = item["request"] else {
      draft.note(.left, place, "there is no request")
      return
    }
    walk.count += 1
    guard walk.count <= ImportDraft.countMax else { throw ImportError("too many requests") }
    let text = request.string ?? request["url"]?.string ?? request["url"]?["raw"]?.string ?? ""
    guard let (origin, path) = address(text, walk.variables) else {
      draft.note(.left, place, "its address has variables that the file does not tell: \(text)")
      return
    }
    let found = Found(
      method: (request["method"]?.string ?? "GET").uppercased(), path: path,
      authentication: authentication)
    if let number = walk.services.firstIndex(where: { $0.origin == origin }) {
      if !walk.services[number].routes.contains(found) {
        walk.services[number].routes.append(found)
      }
    } else {
      walk.services.append((origin, [found]))
    }
    draft.note(.carried, place, "\(found.method) \(path)")
  }

  /// Origin and path template of an address, its variables replaced.
  private static func address(
    _ text: String, _ variables: [String: String]
  ) -> (origin: String, path: String)? {
    var text = text
    for _ in 0..<8 {
      guard let start = text.firstRange(of: "{{"),
        let end = text[start.upperBound...].firstRange(of: "}}")
      else { break }
      let name = String(text[start.upperBound..<end.lowerBound])
      guard let value = variables[name] else { break }
      text.replaceSubrange(start.lowerBound..<end.upperBound, with: value)
    }
    let marked = text.replacing("{{", with: "{").replacing("}}", with: "}")
    let whole = marked.contains("://") ? marked : "http://" + marked
    guard let url = ImportedURL(whole), !url.origin.contains("{") else { return nil }
    let segments = url.path.split(separator: "/").map { segment -> String in
      let isVariable = segment.hasPrefix(":") || segment.contains("{")
      let name = segment.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      return isVariable ? "{\(name.isEmpty ? "value" : name)}" : String(segment)
    }
    return (url.origin, unique(segments))
  }

  /// A template's names differ.
  private static func unique(_ segments: [String]) -> String {
    var seen: Set<String> = []
    let named = segments.map { segment -> String in
      guard segment.hasPrefix("{") else { return segment }
      var name = segment
      var number = 2
      while !seen.insert(name).inserted {
        name = "{\(segment.dropFirst().dropLast())\(number)}"
        number += 1
      }
      return name
    }
    return "/" + named.joined(separator: "/")
  }

  private static func service(
    _ origin: String, _ routes: [Found], _ called: String, _ draft: inout ImportDraft
  ) -> ImportDraft.Service {
    var service = ImportDraft.Service(name: draft.name(called, at: "info.name"))
    service.upstreams = [origin]
    service.policies = [ImportDraft.Policy("api-key")]
    var groups: [String: [String]] = [:]
    for route in routes {
      if !(groups[route.path]?.contains(route.method) ?? false) {
        groups[route.path, default: []].append(route.method)
      }
    }
    for (path, methods) in groups.sorted(by: { $0.key < $1.key }) {
      var route = ImportDraft.Route()
      route.paths = [(path.contains("{") ? "template" : "exact", path)]
      route.methods = methods
      service.routes.append(route)
    }
    let kinds = Set(routes.map(\.authentication)).sorted().joined(separator: ", ")
    draft.note(
      .changed, "auth", "\(kinds): a key is asked for until another policy stands there")
    return service
  }
}
