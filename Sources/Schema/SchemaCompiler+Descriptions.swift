import Formats

/// What descriptions of APIs ask of schemas beyond JSON Schema.
extension SchemaCompiler {
  /// How far parts of one schema are followed, to learn whether it describes members.
  private static let partsDepthMax = 16

  // MARK: Members that are not described

  /// Leaves no room for members that are not described, unless the schema says something of them.
  mutating func close(
    _ location: Location, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    let isOpen = location.value["$ref"] == nil && location.value["additionalProperties"] != nil
    guard !isOpen, rules.unevaluatedProperties == nil,
      try describesMembers(location.value, location.resource, depth: 0)
    else { return }
    if rules.hasInPlace {
      rules.unevaluatedProperties = impossible()
    } else if var object = rules.object?.value {
      object.rest = impossible()
      rules.object = SchemaNode.Frozen(object)
    }
  }

  private mutating func describesMembers(
    _ schema: JSONValue, _ resource: Int, depth: Int
  ) throws(SchemaFault) -> Bool {
    guard depth < SchemaCompiler.partsDepthMax else { return false }
    if let properties = schema["properties"], !properties.members.isEmpty { return true }
    if let reference = schema["$ref"]?.string {
      let found = try store.find(reference, from: resource, at: JSONPointer())
      if let target = store.value(at: found.place),
        try describesMembers(target, found.resource, depth: depth + 1)
      {
        return true
      }
    }
    for word in ["allOf", "anyOf", "oneOf"] {
      for part in schema[word]?.elements ?? []
      where try describesMembers(part, resource, depth: depth + 1) {
        return true
      }
    }
    return false
  }

  // MARK: Discriminators

  /// Which of several forms a member's value chooses (OpenAPI 3.1 §4.8.25).
  mutating func readDiscriminator(
    _ location: Location, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    guard let name = location.value["discriminator"]?["propertyName"]?.string else { return }
    let word = rules.oneOf.isEmpty ? "anyOf" : "oneOf"
    let nodes = rules.oneOf.isEmpty ? rules.anyOf : rules.oneOf
    guard !nodes.isEmpty else { return }
    var forms: [[UInt8]: Int] = [:]
    var references: [String: Int] = [:]
    for (place, form) in (location.value[word]?.elements ?? []).enumerated() {
      guard let reference = form["$ref"]?.string else {
        // A form without a name can be chosen by none, so all are looked at.
        return
      }
      references[reference] = nodes[place]
      if let last = reference.split(separator: "/").last { forms[Array(last.utf8)] = nodes[place] }
    }
    for member in location.value["discriminator"]?["mapping"]?.members ?? [] {
      guard let target = member.value.string else { continue }
      let named = "#/components/schemas/\(target)"
      guard let node = references[target] ?? references[named] else { return }
      forms[Array(member.name.utf8)] = node
    }
    rules.discriminator = SchemaNode.Frozen(
      SchemaNode.Discriminator(name: name, forms: forms, isOneOf: word == "oneOf"))
  }
}
