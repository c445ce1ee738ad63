import Formats

/// Holds a description of an API against the rules: what it leaves open, somebody will use.
package struct Audit {
  private static let depthMax = 8

  private let root: JSONValue
  private var references: ReferenceReader
  private let lines: [String: Int]
  private var faults: [AuditFault] = []
  private var places: [String: Int] = [:]
  private var operation = ""
  private var names: Set<String> = []

  /// The report on an OpenAPI 3 or Swagger 2 document.
  package static func report(
    on bytes: [UInt8], named name: String,
    neighbour: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
  ) throws(ScanError) -> AuditReport {
    let diagnostics = Diagnostics(file: name)
    guard let root = JSONValue.parse(bytes, into: diagnostics) else {
      throw .description(diagnostics.description)
    }
    guard case .object? = root["paths"] else {
      throw .description("\(name) is no OpenAPI or Swagger document: it has no paths")
    }
    let description = try DescriptionReader(neighbour: neighbour).read(bytes, named: name)
    var audit = Audit(root, ReferenceReader(root, neighbour), description.lines)
    audit.document()
    return audit.report
  }

  private init(_ root: JSONValue, _ references: ReferenceReader, _ lines: [String: Int]) {
    self.root = root
    self.references = references
    self.lines = lines
  }

  private var report: AuditReport {
    var left = 100.0
    for rule in AuditRule.all {
      left -= AuditReport.cost(rule, faults.count { $0.rule == rule.id }, places)
    }
    return AuditReport(
      title: root["info"]?["title"]?.string ?? "API", score: Int(max(0, left).rounded()),
      faults: faults, places: places)
  }

  /// Holds one place against a rule.
  private mutating func hold(_ rule: String, _ pointer: String, broken: Bool) {
    places[rule, default: 0] += 1
    guard broken else { return }
    faults.append(
      AuditFault(
        rule: rule, pointer: pointer, operation: operation, line: lines[operation] ?? 0))
  }

  // MARK: The document

  private mutating func document() {
    for (place, server) in (root["servers"]?.elements ?? []).enumerated() {
      let url = server["url"]?.string ?? ""
      hold("server-unencrypted", "/servers/\(place)/url", broken: url.hasPrefix("http://"))
    }
    if let schemes = root["schemes"]?.elements {
      hold("server-unencrypted", "/schemes", broken: schemes.contains("http"))
    }
    let isSwagger = root["swagger"] != nil
    let base = isSwagger ? "/securityDefinitions" : "/components/securitySchemes"
    for scheme in (root["securityDefinitions"] ?? root["components"]?["securitySchemes"])?.members
      ?? []
    {
      let value = references.resolve(scheme.value)
      hold("scheme-weak", "\(base)/\(scheme.name)", broken: Audit.isWeak(value))
    }
    for path in root["paths"]?.members ?? [] where !path.name.hasPrefix("x-") {
      let item = references.resolve(path.value)
      for member in item.members
      where ["get", "post", "put", "patch", "delete", "head", "options"].contains(member.name) {
        operation = "\(member.name.uppercased()) \(path.name)"
        let escaped = path.name.replacing("~", with: "~0").replacing("/", with: "~1")
        operation(
          member.value, path.name, item["parameters"]?.elements ?? [],
          "/paths/\(escaped)/\(member.name)")
      }
    }
    operation = ""
    for failure in references.failures { hold("reference-broken", failure, broken: true) }
  }

  private static func isWeak(_ scheme: JSONValue) -> Bool {
    if scheme["type"]?.string == "basic" || scheme["scheme"]?.string?.lowercased() == "basic" {
      return true
    }
    if scheme["type"]?.string == "apiKey", scheme["in"]?.string == "query" { return true }
    if ["implicit", "password"].contains(scheme["flow"]?.string ?? "") { return true }
    return scheme["flows"]?["implicit"] != nil || scheme["flows"]?["password"] != nil
  }

  // MARK: Operations

  private mutating func operation(
    _ value: JSONValue, _ path: String, _ shared: [JSONValue], _ pointer: String
  ) {
    let name = value["operationId"]?.string
    hold(
      "operation-unnamed", pointer,
      broken: name.map { !names.insert($0).inserted } ?? true)
    let security = value["security"] ?? root["security"]
    let isOpen = value["security"]?.elements.isEmpty == true
    let isSecured = security?.elements.contains { !$0.members.isEmpty } ?? false
    hold("security-missing", pointer, broken: !isSecured && !isOpen)
    if isSecured {
      hold(
        "security-optional", pointer + "/security",
        broken: security?.elements.contains { $0.members.isEmpty } ?? false)
      let defined =
        (root["securityDefinitions"] ?? root["components"]?["securitySchemes"])?
        .members.map(\.name) ?? []
      let used = security?.elements.flatMap { $0.members.map(\.name) } ?? []
      hold(
        "security-undefined", pointer + "/security",
        broken: used.contains { !defined.contains($0) })
    }
    parameters((value["parameters"]?.elements ?? []) + shared, path, pointer)
    content(value["requestBody"], pointer)
    answers(value["responses"]?.members ?? [], isSecured, pointer)
  }

  private mutating func parameters(_ list: [JSONValue], _ path: String, _ pointer: String) {
    var declared: Set<String> = []
    for (place, raw) in list.enumerated() {
      let parameter = references.resolve(raw)
      let name = parameter["name"]?.string ?? ""
      let location = parameter["in"]?.string ?? ""
      if location == "path" { declared.insert(name) }
      let here = "\(pointer)/parameters/\(place)"
      if location == "path" || location == "query" {
        let plain = Names.plain(name)
        let isSecret =
          Names.isPassword(name) || plain.hasSuffix("token") || plain.hasSuffix("apikey")
          || plain.hasSuffix("secret")
        hold("secret-in-address", here, broken: isSecret)
      }
      if location == "body" {
        schema(parameter["schema"] ?? .null, here + "/schema", isRequest: true, depth: 0)
      } else {
        schema(parameter["schema"] ?? parameter, here + "/schema", isRequest: true, depth: 0)
      }
      examples(parameter, here)
    }
    for name in Operation.names(in: path) {
      hold("parameter-undeclared", pointer, broken: !declared.contains(name))
    }
  }

  private mutating func content(_ body: JSONValue?, _ pointer: String) {
    guard let body else { return }
    for media in references.resolve(body)["content"]?.members ?? [] {
      let here =
        "\(pointer)/requestBody/content/"
        + media.name.replacing("~", with: "~0")
        .replacing("/", with: "~1")
      hold("content-undescribed", here, broken: media.value["schema"] == nil)
      if let value = media.value["schema"] {
        schema(value, here + "/schema", isRequest: true, depth: 0)
      }
      examples(media.value, here)
    }
  }

  private mutating func answers(
    _ members: [JSONMember], _ isSecured: Bool, _ pointer: String
  ) {
    let statuses = Set(members.map { $0.name.uppercased() })
    let here = pointer + "/responses"
    if isSecured {
      hold(
        "refusal-undescribed", here,
        broken: !statuses.contains("4XX")
          && (!statuses.contains("401") || !statuses.contains("403")))
    }
    hold(
      "limit-undescribed", here, broken: !statuses.contains("429") && !statuses.contains("4XX"))
    hold(
      "error-undescribed", here,
      broken: !statuses.contains { $0.hasPrefix("4") || $0 == "DEFAULT" })
    for member in members where member.name.hasPrefix("2") && member.name != "204" {
      let answer = references.resolve(member.value)
      let place = "\(here)/\(member.name)"
      let content = answer["content"]?.members.first { $0.name.contains("json") }?.value
      let found = content?["schema"] ?? answer["schema"]
      hold("answer-undescribed", place, broken: found == nil && answer["content"] == nil)
      if let found { schema(found, place + "/schema", isRequest: false, depth: 0) }
      examples(content ?? answer, place)
    }
  }

  // MARK: Schemas

  private mutating func schema(
    _ raw: JSONValue, _ pointer: String, isRequest: Bool, depth: Int
  ) {
    guard depth < Audit.depthMax else { return }
    let value = references.resolve(raw)
    examples(value, pointer)
    let parts = ["allOf", "oneOf", "anyOf"].flatMap { value[$0]?.elements ?? [] }
    for (place, part) in parts.enumerated() {
      schema(part, "\(pointer)/\(place)", isRequest: isRequest, depth: depth + 1)
    }
    let type =
      value["type"]?.string
      ?? value["type"]?.elements.compactMap(\.string).first {
        $0 != "null"
      }
    switch type {
    case "string" where isRequest: string(value, pointer)
    case "integer" where isRequest, "number" where isRequest:
      let isBounded =
        value["enum"] != nil
        || ((value["minimum"] ?? value["exclusiveMinimum"]) != nil
          && (value["maximum"] ?? value["exclusiveMaximum"]) != nil)
      hold("number-unbounded", pointer, broken: !isBounded)
    case "array":
      if isRequest { hold("array-unbounded", pointer, broken: value["maxItems"] == nil) }
    case "object":
      let rule = isRequest ? "object-open" : "answer-open"
      let isClosed = value["additionalProperties"] == .boolean(false)
      hold(
        rule, pointer,
        broken: isRequest ? !isClosed : value["properties"] == nil && !isClosed)
    case nil where isRequest && parts.isEmpty && value["properties"] == nil:
      hold("type-loose", pointer, broken: value["enum"] == nil && value["const"] == nil)
    default: if isRequest { hold("type-loose", pointer, broken: false) }
    }
    for property in value["properties"]?.members ?? [] {
      schema(
        property.value, "\(pointer)/properties/\(property.name)", isRequest: isRequest,
        depth: depth + 1)
    }
    if let items = value["items"] {
      schema(items, pointer + "/items", isRequest: isRequest, depth: depth + 1)
    }
  }

  /// Formats that bound a text by themselves.
  private static let bounding: Set<String> = [
    "date", "date-time", "time", "uuid", "ipv4", "ipv6", "binary", "byte", "duration",
  ]

  private mutating func string(_ value: JSONValue, _ pointer: String) {
    let format = value["format"]?.string ?? ""
    let isBounded =
      value["maxLength"] != nil || value["enum"] != nil || value["const"] != nil
      || Audit.bounding.contains(format)
    hold("string-unbounded", pointer, broken: !isBounded)
    if let pattern = value["pattern"]?.string {
      let isWhole = pattern.hasPrefix("^") && pattern.hasSuffix("$")
      hold("pattern-unanchored", pointer + "/pattern", broken: !isWhole)
    }
  }

  /// Looks for secrets in the examples of a place.
  private mutating func examples(_ value: JSONValue, _ pointer: String) {
    let given =
      [value["example"], value["default"]].compactMap { $0 }
      + (value["examples"]?.elements ?? [])
      + (value["examples"]?.members.compactMap { $0.value["value"] } ?? [])
    for example in given {
      let isSecret = example.leaves.contains { leaf in
        leaf.value.string.map { Audit.looksSecret($0) } ?? false
      }
      hold("secret-in-example", pointer, broken: isSecret)
    }
  }

  private static func looksSecret(_ text: String) -> Bool {
    if text.hasPrefix("AKIA") && text.utf8.count == 20 { return true }
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY") { return true }
    if ["ghp_", "xoxb-", "sk_live_", "AIza", "glpat-"].contains(where: text.hasPrefix) {
      return text.utf8.count > 20
    }
    let parts = text.split(separator: ".")
    return text.hasPrefix("eyJ") && parts.count == 3 && parts.allSatisfy { $0.utf8.count > 15 }
  }
}
