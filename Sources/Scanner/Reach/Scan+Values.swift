/// Values that get past validation, from constraints, examples, names, and what answers held.
extension Scan {
  /// The content of a request to an operation; nil if it takes none.
  ///
  /// Members that name another object, such as `order_id`, get one that `owner` knows.
  func content(
    of operation: Operation, _ style: ContentStyle, _ markers: inout [String],
    for owner: String? = nil
  ) async -> JSONValue? {
    guard let schema = operation.body else { return nil }
    if style == .exampled, let example = schema["example"] { return example }
    let value = self.value(schema, name: "", style, &markers, depth: 0)
    var content = await resolved(value, schema, operation, owner, depth: 0)
    for member in operation.leafMembers {
      let last = Operation.last(of: member.name)
      let given =
        settings.given.value(member.name, at: operation.place)
        ?? settings.given.value(last, at: operation.place)
      if let given { content = content.setting(dotted: member.name, given) }
    }
    return content
  }

  /// The content that an operation is known to take.
  func usualContent(
    of operation: Operation, _ markers: inout [String], for owner: String?
  ) async -> JSONValue? {
    await content(of: operation, contents[operation.name] ?? .marked, &markers, for: owner)
  }

  private func value(
    _ schema: JSONValue, name: String, _ style: ContentStyle, _ markers: inout [String], depth: Int
  ) -> JSONValue {
    guard depth < 6 else { return .null }
    if let choice = schema["enum"]?.elements.first ?? schema["const"] { return choice }
    let type =
      schema["type"]?.string
      ?? schema["type"]?.elements.compactMap(\.string).first {
        $0 != "null"
      }
    if type == "object" || schema["properties"] != nil {
      let needed = schema["required"]?.elements.compactMap(\.string) ?? []
      var members: [JSONMember] = []
      for property in schema["properties"]?.members ?? [] {
        if property.value["readOnly"]?.isTrue == true { continue }
        if style == .required, !needed.contains(property.name) { continue }
        // Nobody is given rights in passing.
        if Names.isRight(property.name), !needed.contains(property.name) { continue }
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
      if style == .exampled, let given, case .array = given { return given }
      return .array([value(schema["items"] ?? [:], name: name, style, &markers, depth: depth + 1)])
    case "integer", "number": return given ?? Scan.number(schema)
    case "boolean": return given ?? .boolean(true)
    default: return text(schema, name: name.lowercased(), given, style, &markers)
    }
  }

  static func number(_ schema: JSONValue) -> JSONValue {
    var low = schema["minimum"]?.integer ?? 1
    if let bound = schema["exclusiveMinimum"]?.integer { low = max(low, bound + 1) }
    let high = schema["maximum"]?.integer ?? max(low, 1)
    return .integer(min(max(low, 1), max(high, low)))
  }

  private func text(
    _ schema: JSONValue, name: String, _ given: JSONValue?, _ style: ContentStyle,
    _ markers: inout [String]
  ) -> JSONValue {
    let format = schema["format"]?.string ?? ""
    if format == "binary" { return .string("ghfile:" + marker()) }
    if let formatted = Scan.formatted(format, name) {
      // An address that answers, for servers that look at what they are given.
      if style == .plain, formatted == "https://example.com/", let listener {
        return .string(listener.url(marker()))
      }
      return style == .plain ? formatted : given ?? formatted
    }
    if style == .exampled || style == .required, let given { return given }
    if schema["pattern"] != nil, let given { return given }
    let marker = marker()
    if name.contains("mail") || format == "email" {
      markers.append(marker)
      return .string(marker + "@example.com")
    }
    if ["phone", "mobile", "tel"].contains(where: name.contains) {
      return given.flatMap { style == .marked ? nil : $0 } ?? .string(phone())
    }
    if Names.isPassword(name) { return .string("Gh1!" + marker) }
    if style == .plain { return .string(Scan.plainText(name)) }
    let length = schema["maxLength"]?.integer ?? 60
    guard length >= marker.count else { return given ?? .string(String(marker.prefix(length))) }
    markers.append(marker)
    let least = schema["minLength"]?.integer ?? 0
    return .string(marker + String(repeating: "a", count: max(0, min(least, 500) - marker.count)))
  }

  /// A number of the block that is kept for examples, another one each time.
  private func phone() -> String {
    phoneCount += 1
    return "555" + String(1_000_000 + phoneCount * 7919 % 9_000_000)
  }

  private static func plainText(_ name: String) -> String {
    if ["zip", "postal", "pin", "otp", "code", "number", "amount", "year"].contains(
      where: name.contains)
    {
      return "12345"
    }
    return "Alpha"
  }

  /// A value for a format or a telling name; nil if any text will do.
  private static func formatted(_ format: String, _ name: String) -> JSONValue? {
    switch format {
    case "date": return "2030-01-02"
    case "date-time": return "2030-01-02T03:04:05Z"
    case "time": return "03:04:05"
    case "uuid": return "3f2b8c1e-5d4a-4c6b-9e7f-102938475665"
    case "uri", "url": return "https://example.com/"
    case "ipv4": return "192.0.2.1"
    case "hostname": return "example.com"
    case "byte": return "Z2g="
    default: break
    }
    if name == "scheme" || name == "protocol" { return "http" }
    if name == "date" || name.hasSuffix("_date") || name.hasSuffix("date") { return "2030-01-02" }
    if name.hasSuffix("url") || name.hasSuffix("uri") { return "https://example.com/" }
    return nil
  }

  /// Puts identifiers of objects that the owner knows where a content names objects.
  private func resolved(
    _ value: JSONValue, _ schema: JSONValue, _ operation: Operation, _ owner: String?, depth: Int
  ) async -> JSONValue {
    guard let owner, depth < 5 else { return value }
    switch value {
    case .object(let members):
      var result: [JSONMember] = []
      for member in members {
        let inner = schema["properties"]?[member.name] ?? [:]
        if let known = await reference(member.name, inner, operation, owner) {
          result.append(JSONMember(member.name, known))
        } else {
          let deeper = await resolved(member.value, inner, operation, owner, depth: depth + 1)
          result.append(JSONMember(member.name, deeper))
        }
      }
      return .object(result)
    case .array(let elements):
      var result: [JSONValue] = []
      for element in elements {
        result.append(
          await resolved(element, schema["items"] ?? [:], operation, owner, depth: depth + 1))
      }
      return .array(result)
    default: return value
    }
  }

  /// The value for a member that names an object of another collection; nil for every other.
  private func reference(
    _ name: String, _ schema: JSONValue, _ operation: Operation, _ owner: String
  ) async -> JSONValue? {
    let plain = Names.plain(name)
    if Names.isVoucher(name), schema["enum"] == nil {
      return harvestedByAnybody(name, collection: "", for: nil).map { .string($0) }
    }
    if let own = ownMember(name, schema, operation, owner) { return own }
    guard plain.hasSuffix("id") || plain.hasSuffix("uuid"), plain.count > 2, schema["enum"] == nil
    else { return nil }
    let subject = Names.subject(ofParameter: name)
    guard !subject.isEmpty, subject != Names.subject(of: operation.path), !Names.isOwner(name)
    else { return nil }
    var found = harvested(name, for: owner)
    if found == nil, !resolving.contains(subject) {
      // Whatever lists or makes them; only once at a time, since what is made may need more.
      resolving.insert(subject)
      defer { resolving.remove(subject) }
      let item = operations.first {
        $0.isItem && Names.subject(of: $0.path) == subject && $0.graphField == nil
      }
      if let item, let (values, _) = await values(for: item, of: owner),
        let last = item.pathParameters.last
      {
        found = values[last.name]
      } else if let lister = lister(of: "/" + subject), lister.pathParameters.isEmpty {
        var call = Call(lister, [:], as: owner)
        complete(&call, for: lister)
        if let answer = await send(call) { note(lister, owner, answer) }
        found = harvested(name, for: owner)
      }
    }
    found = found ?? harvestedByAnybody(name, collection: "", for: owner)
    guard let found else { return nil }
    let isNumber = schema["type"]?.string == "integer" || schema["type"]?.string == "number"
    if let number = Int(found), isNumber || schema["type"] == nil { return .integer(number) }
    return isNumber ? nil : .string(found)
  }

  /// What a member that says who is meant holds for the caller itself; nil for every other, and
  /// where accounts are made or logged in.
  private func ownMember(
    _ name: String, _ schema: JSONValue, _ operation: Operation, _ owner: String
  ) -> JSONValue? {
    guard operation.isSecured || !description.declaresSecurity, selves[owner] != nil,
      operation.name != registrar?.name, !isLogin(operation), schema["enum"] == nil
    else { return nil }
    let plain = Names.plain(name)
    let isNumber = schema["type"]?.string == "integer" || schema["type"]?.string == "number"
    if ["username", "login", "loginname"].contains(plain), !isNumber {
      // Where a name is all there is to change, it is not whom it means.
      guard operation.leafMembers.count > 1 else { return nil }
      let names = facts(of: owner, "name")
      return (names.first { !$0.contains(" ") } ?? names.first).map { .string($0) }
    }
    if isAboutCaller(operation), operation.leafMembers.count > 1 {
      // Whoever takes another address or password may not be let in again.
      if plain == "email" { return facts(of: owner, "email").first.map { .string($0) } }
      if Names.isPassword(name), !plain.contains("new") {
        return identities.first { $0.name == owner }?.login?.body.dotted
          .first { Names.isPassword($0.name) }?.value
      }
    }
    guard plain == "userid" || plain == "accountid" || plain == "customerid" else { return nil }
    let ids = facts(of: owner, "id")
    if isNumber { return ids.lazy.compactMap { Int($0) }.first.map { .integer($0) } }
    return ids.first.map { .string($0) }
  }

  /// The value of a query parameter that the description or its name suggests.
  func value(of parameter: Parameter) -> String {
    let schema = parameter.schema
    let given =
      schema["example"] ?? schema["default"] ?? schema["enum"]?.elements.first
      ?? schema["examples"]?.elements.first
    if let text = given?.scalarText, !text.isEmpty { return text }
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
    var cookies: [String] = []
    for parameter in operation.parameters where parameter.isRequired {
      switch parameter.location {
      case .query:
        if let given = settings.given.value(parameter.name, at: operation.place)?.scalarText {
          call.query.append((parameter.name, given))
          continue
        }
        let known =
          Names.plain(parameter.name).hasSuffix("id")
          ? harvested(parameter.name, for: call.identity) : nil
        call.query.append((parameter.name, known ?? value(of: parameter)))
      case .header where parameter.name.lowercased() != "authorization":
        call.fields.append((parameter.name, value(of: parameter)))
      case .cookie: cookies.append("\(parameter.name)=\(value(of: parameter))")
      default: break
      }
    }
    if !cookies.isEmpty, call.identity == nil {
      call.fields.append(("Cookie", cookies.joined(separator: "; ")))
    }
  }
}
