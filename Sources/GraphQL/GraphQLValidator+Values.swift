import Formats

/// Values against their types: those in documents (§5.6), and those of variables (§6.1.2).
extension GraphQLValidator {
  mutating func check(
    _ value: GraphQLDocument.Value, _ type: GraphQLDocument.TypeReference, _ hasDefault: Bool,
    _ offset: Int
  ) throws(GraphQLFault) {
    if case .variable(let name) = value {
      return use(Usage(variable: name, type: type, hasDefault: hasDefault, offset: offset))
    }
    if case .null = value {
      if type.isRequired { throw wrong(type, "null", offset) }
      return
    }
    if type.isList {
      // One value stands for a list of it (§3.11).
      guard case .list(let elements) = value else {
        return try check(value, type.element, false, offset)
      }
      for element in elements { try check(element, type.element, false, offset) }
      return
    }
    guard let definition = schema.types[type.name] else { throw wrong(type, value.word, offset) }
    switch (definition.kind, value) {
    case (.input, .object(let members)): try check(members, definition, type, offset)
    case (.enumeration, .word(let name)) where definition.members.contains(name): break
    case (.scalar, .object), (.scalar, .list), (.scalar, .word):
      // What a scalar of one's own takes is its own affair (§3.5).
      if GraphQLValidator.isStandard(type.name) { throw wrong(type, value.word, offset) }
    case (.scalar, _):
      guard GraphQLValidator.takes(type.name, value) else { throw wrong(type, value.word, offset) }
    default: throw wrong(type, value.word, offset)
    }
  }

  private func wrong(
    _ type: GraphQLDocument.TypeReference, _ found: String, _ offset: Int
  ) -> GraphQLFault {
    fault("values", "a value of type \(type.text)", found, offset)
  }

  private mutating func check(
    _ members: [GraphQLDocument.Argument],
    _ definition: GraphQLSchema.Definition, _ type: GraphQLDocument.TypeReference, _ offset: Int
  ) throws(GraphQLFault) {
    for member in members {
      guard let input = definition.inputs[member.name] else {
        throw fault("values", "a field of \(type.name)", member.name, offset)
      }
      try check(member.value, input.type, input.hasDefault, offset)
    }
    for (name, input) in definition.inputs where input.isRequired {
      guard members.contains(where: { $0.name == name }) else {
        throw fault("values", "the field '\(name)' of \(type.name)", "none", offset)
      }
    }
  }

  private static func isStandard(_ name: String) -> Bool {
    ["Int", "Float", "String", "Boolean", "ID"].contains(name)
  }

  /// Whether a scalar takes a single value as it is written (§3.5).
  private static func takes(_ name: String, _ value: GraphQLDocument.Value) -> Bool {
    switch (name, value) {
    case ("Int", .int(let number)): number.map { Int32(exactly: $0) != nil } ?? false
    case ("Float", .int), ("Float", .float), ("String", .string), ("Boolean", .boolean),
      ("ID", .string), ("ID", .int):
      true
    default: !isStandard(name)
    }
  }

  // MARK: Variables

  /// Checks what a request gives for the variables of an operation; what it gives beyond them means
  /// nothing (§6.1.2).
  func checkValues(
    _ values: JSONValue, of operation: GraphQLDocument.Operation
  ) throws(GraphQLFault) {
    for variable in operation.variables {
      guard let value = values[variable.name] else {
        if variable.type.isRequired, variable.value == nil {
          throw fault("variables", "a value for '\(variable.name)'", "none")
        }
        continue
      }
      guard takes(value, variable.type) else {
        throw fault(
          "variables", "a value of type \(variable.type.text) for '\(variable.name)'",
          value.typeName)
      }
    }
  }

  private func takes(_ value: JSONValue, _ type: GraphQLDocument.TypeReference) -> Bool {
    if value.isNull { return !type.isRequired }
    if type.isList {
      guard case .array(let elements) = value else { return takes(value, type.element) }
      return elements.allSatisfy { takes($0, type.element) }
    }
    guard let definition = schema.types[type.name] else { return false }
    switch definition.kind {
    case .scalar: return GraphQLValidator.takes(type.name, value)
    case .enumeration: return value.string.map(definition.members.contains) ?? false
    case .input:
      guard case .object(let object) = value else { return false }
      let isKnown = object.members.allSatisfy { member in
        definition.inputs[member.name].map { takes(member.value, $0.type) } ?? false
      }
      return isKnown
        && definition.inputs.allSatisfy { !$0.value.isRequired || object[$0.key] != nil }
    default: return false
    }
  }

  private static func takes(_ name: String, _ value: JSONValue) -> Bool {
    switch name {
    case "Int": value.integer.map { Int32(exactly: $0) != nil } ?? false
    case "Float": value.double != nil
    case "String": value.string != nil
    case "Boolean": value.boolean != nil
    case "ID": value.string != nil || value.integer != nil
    default: true
    }
  }
}

extension GraphQLDocument.Value {
  /// Whether it is `null`.
  var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// What it is, for messages: never the value itself.
  var word: String {
    switch self {
    case .variable: "variable"
    case .int: "Int"
    case .float: "Float"
    case .string: "String"
    case .boolean: "Boolean"
    case .null: "null"
    case .word: "enumeration"
    case .list: "list"
    case .object: "object"
    }
  }
}
