import Formats

/// What operations ask of callers.
extension ContractCompiler {
  /// The alternatives of an operation, its own or those of the whole description
  /// (OpenAPI 3.1 §4.8.30).
  mutating func security(
    _ operation: JSONValue, _ place: JSONPointer
  ) throws(APIFault) -> [[SecurityNeed]] {
    let own = operation["security"]
    guard let requirements = own ?? document.root["security"] else { return [] }
    let way = own == nil ? JSONPointer() : place
    guard case .array(let alternatives) = requirements else {
      throw document.fault("'security' is no array", way.appending("security"))
    }
    var found: [[SecurityNeed]] = []
    for alternative in alternatives {
      var needs: [SecurityNeed] = []
      for member in alternative.members {
        needs.append(need(member.name, member.value, way.appending("security")))
      }
      found.append(needs)
    }
    return found
  }

  private mutating func need(
    _ name: String, _ scopes: JSONValue, _ place: JSONPointer
  ) -> SecurityNeed {
    let pointer = JSONPointer(["components", "securitySchemes", name])
    guard document.root[pointer] != nil, let scheme = try? document.resolved(pointer).value else {
      remark(
        "the security scheme '\(name)' is not described; a caller is needed all the same", place)
      return SecurityNeed(scheme: name, kind: .other, scopes: [])
    }
    let kind = SecurityNeed.Kind(scheme)
    // What other kinds list are roles, which the description says nothing about.
    return SecurityNeed(
      scheme: name, kind: kind, scopes: kind == .token ? scopes.elements.compactMap(\.string) : [])
  }
}

extension SecurityNeed.Kind {
  /// The kind of a scheme as it is described.
  init(_ scheme: JSONValue) {
    switch scheme["type"]?.string {
    case "apiKey": self = .key
    case "oauth2", "openIdConnect": self = .token
    case "http" where scheme["scheme"]?.string?.lowercased() == "bearer": self = .token
    case "http" where scheme["scheme"]?.string?.lowercased() == "basic": self = .password
    case "mutualTLS": self = .certificate
    default: self = .other
    }
  }
}
