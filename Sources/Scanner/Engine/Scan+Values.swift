/// Values that get past validation, from constraints, examples and names.
extension Scan {
  /// The content of a request to an operation; nil if it takes none.
  func content(
    of operation: Operation, _ style: ContentStyle, _ markers: inout [String]
  ) -> JSONValue? {
    guard let schema = operation.body else { return nil }
    if style == .exampled, let example = schema["example"] { return example }
    return value(schema, name: "", style, &markers, depth: 0)
  }

  private func value(
    _ schema: JSONValue, name: String, _ style: ContentStyle, _ markers: inout [String], depth: Int
  ) -> JSONValue {
    guard depth < 6 else { return .null }
    if let choice = schema["enum"]?.elements.first ?? schema["const"] { return choice }
    let type = schema["type"]?.string ?? schema["type"]?.elements.first?.string
    if type == "object" || schema["properties"] != nil {
      let needed = schema["required"]?.elements.compactMap(\.string) ?? []
      var members: [JSONMember] = []
      for property in schema["properties"]?.members ?? [] {
        if property.value["readOnly"]?.isTrue == true { continue }
        if style == .required, !needed.contains(property.name) { continue }
        members.append(
          JSONMember(
            property.name,
            value(property.value, name: property.name, style, &markers, depth: depth + 1)))
      }
      return .object(members)
    }
    let given = schema["example"] ?? schema["examples"]?.elements.first ?? schema["default"]
    switch type {
    case "array":
      return .array([value(schema["items"] ?? [:], name: name, style, &markers, depth: depth + 1)])
    case "integer", "number": return given ?? Scan.number(schema)
    case "boolean": return given ?? .boolean(true)
    default: return text(schema, name: name.lowercased(), given, style, &markers)
    }
  }

  static func number(_ schema: JSONValue) -> JSONValue {
    let low = schema["minimum"]?.integer ?? 1
    let high = schema["maximum"]?.integer ?? max(low, 1)
    return .integer(min(max(low, 1), max(high, low)))
  }

  private func text(
    _ schema: JSONValue, name: String, _ given: JSONValue?, _ style: ContentStyle,
    _ markers: inout [String]
  ) -> JSONValue {
    if let formatted = Scan.formatted(schema["format"]?.string ?? "", name) {
      return given ?? formatted
    }
    if style != .marked, let given { return given }
    if schema["pattern"] != nil, let given { return given }
    let marker = marker()
    if name.contains("mail") || schema["format"]?.string == "email" {
      markers.append(marker)
      return .string(marker + "@example.com")
    }
    if name.contains("phone") || name.contains("mobile") { return given ?? "5550100123" }
    if name.contains("password") { return .string("Gh1!" + marker) }
    let length = schema["maxLength"]?.integer ?? 60
    guard length >= marker.count else { return given ?? .string(String(marker.prefix(length))) }
    markers.append(marker)
    let least = schema["minLength"]?.integer ?? 0
    return .string(marker + String(repeating: "a", count: max(0, min(least, 500) - marker.count)))
  }

  /// A value for a format or a telling name; nil if any text will do.
  private static func formatted(_ format: String, _ name: String) -> JSONValue? {
    switch format {
    case "date": return "2030-01-02"
    case "date-time": return "2030-01-02T03:04:05Z"
    case "uuid": return "3f2b8c1e-5d4a-4c6b-9e7f-102938475665"
    case "uri", "url": return "https://example.com/"
    case "ipv4": return "192.0.2.1"
    case "hostname": return "example.com"
    case "byte": return "Z2g="
    default: break
    }
    if name == "date" || name.hasSuffix("_date") || name.hasSuffix("date") { return "2030-01-02" }
    return nil
  }

  /// The value of a query parameter that the description or its name suggests.
  func value(of parameter: Parameter) -> String {
    let schema = parameter.schema
    let given =
      schema["example"] ?? schema["default"] ?? schema["enum"]?.elements.first
      ?? schema["examples"]?.elements.first
    if let text = given?.scalarText { return text }
    switch parameter.type {
    case "integer", "number": return Scan.number(schema).scalarText ?? "1"
    case "boolean": return "true"
    default: break
    }
    if let text = Scan.formatted(schema["format"]?.string ?? "", parameter.name.lowercased())?
      .string
    {
      return text
    }
    let name = parameter.name.lowercased()
    if ["host", "address", "target", "domain", "ip"].contains(where: name.contains) {
      return "localhost"
    }
    if name == "value" || name.contains("amount") || name.contains("number") { return "1" }
    return "a"
  }

  /// Fills in the parameters of the query and the fields that must be there.
  func complete(_ call: inout Call, for operation: Operation) {
    for parameter in operation.parameters where parameter.isRequired {
      switch parameter.location {
      case .query: call.query.append((parameter.name, value(of: parameter)))
      case .header where parameter.name.lowercased() != "authorization":
        call.fields.append((parameter.name, value(of: parameter)))
      default: break
      }
    }
  }
}
