import Formats
import Pattern

/// How the words of a schema become rules.
extension SchemaCompiler {
  mutating func read(_ location: Location) throws(SchemaFault) -> SchemaNode.Rules {
    var rules = SchemaNode.Rules()
    rules.resource = location.resource
    let dialect = store.resources[location.resource].dialect
    switch location.value {
    case .boolean(let verdict):
      rules.verdict = verdict
      return rules
    case .object: break
    default:
      throw SchemaFault("no schema: neither an object nor a boolean", at: location.place.pointer)
    }
    if let reference = location.value["$ref"]?.string {
      let found = try store.find(reference, from: location.resource, at: location.place.pointer)
      rules.reference = try node(found.place, found.resource, location.same)
      rules.hasInPlace = true
      if dialect.referenceStandsAlone {
        if location.use == .value { try close(location, &rules) }
        return rules
      }
    }
    if dialect.draft == .draft2020 { try readDynamic(location, &rules) }
    try readCombinations(location, dialect, &rules)
    if dialect.checksValues {
      try readTypes(location, dialect, &rules)
      try readNumbers(location, dialect, &rules)
      try readStrings(location, &rules)
    }
    try readFormat(location, dialect, &rules)
    try readArray(location, dialect, &rules)
    try readObject(location, dialect, &rules)
    if settings.readsDiscriminators { try readDiscriminator(location, &rules) }
    if location.use == .value { try close(location, &rules) }
    rules.values.integers = integers(rules.values)
    rules.values.isNotNegative = isNotNegative(rules.values)
    return rules
  }

  private mutating func readDynamic(
    _ location: Location, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    guard let reference = location.value["$dynamicRef"]?.string else { return }
    let found = try store.find(reference, from: location.resource, at: location.place.pointer)
    let target = try node(found.place, found.resource, .open)
    rules.hasInPlace = true
    guard let name = found.dynamicAnchor else {
      // Without a dynamic anchor it is a reference like others (2020-12 §8.2.3.2).
      rules.dynamicReference = .init(anchor: -1, target: target)
      return
    }
    let anchor = dynamicNames.firstIndex(of: name) ?? dynamicNames.count
    if anchor == dynamicNames.count { dynamicNames.append(name) }
    rules.dynamicReference = .init(anchor: anchor, target: target)
  }

  private mutating func readCombinations(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    rules.allOf = try parts(location, "allOf", as: location.same)
    rules.anyOf = try parts(location, "anyOf", as: location.same)
    rules.oneOf = try parts(location, "oneOf", as: location.same)
    rules.not = try part(optional: location, "not", as: .open)
    if dialect.schemaWords.contains("if"),
      let condition = try part(
        optional: location, "if", as: .open)
    {
      rules.condition = condition
      rules.then = try part(optional: location, "then", as: location.same)
      rules.otherwise = try part(optional: location, "else", as: location.same)
    }
    if !rules.allOf.isEmpty || !rules.anyOf.isEmpty || !rules.oneOf.isEmpty || rules.not != nil
      || rules.condition != nil
    {
      rules.hasInPlace = true
    }
  }

  private func readTypes(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    if let value = location.value["type"] {
      var types: SchemaTypes = []
      for name in value.string.map({ [$0] }) ?? value.elements.map({ $0.string ?? "" }) {
        guard let type = SchemaTypes(name) else {
          throw fault("type", "a type that JSON Schema knows", location)
        }
        types.formUnion(type)
      }
      if types.contains(.number) { types.formUnion(.integer) }
      if dialect.draft == .openAPI30, location.value["nullable"]?.boolean == true {
        types.formUnion(.null)
      }
      rules.types = types
    }
    if let value = location.value["enum"] {
      guard case .array(let constants) = value else { throw fault("enum", "an array", location) }
      rules.constants = constants
    }
    if dialect.draft.rawValue >= SchemaDialect.Draft.draft7.rawValue,
      let constant = location.value["const"]
    {
      rules.constants = rules.constants.map { $0.filter { $0 == constant } } ?? [constant]
    }
  }

  // MARK: Numbers and strings

  private func number(_ word: String, _ location: Location) throws(SchemaFault) -> JSONNumber? {
    switch location.value[word] {
    case nil: return nil
    case .integer(let value): return JSONNumber(value)
    case .number(let value): return value
    default: throw fault(word, "a number", location)
    }
  }

  private func count(_ word: String, _ location: Location) throws(SchemaFault) -> Int? {
    guard let value = try number(word, location) else { return nil }
    guard !(value < .zero), value.isWhole else {
      throw fault(word, "a whole number from 0 on", location)
    }
    return value.integer ?? .max
  }

  private func readNumbers(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    rules.values.minimum = try number("minimum", location)
    rules.values.maximum = try number("maximum", location)
    rules.values.exclusiveMinimum = try bound(
      "exclusiveMinimum", rules.values.minimum, dialect, location)
    rules.values.exclusiveMaximum = try bound(
      "exclusiveMaximum", rules.values.maximum, dialect, location)
    rules.values.multipleOf = try number("multipleOf", location)
    if let divisor = rules.values.multipleOf, !(.zero < divisor) {
      throw fault("multipleOf", "a number above 0", location)
    }
    let values = rules.values
    rules.hasNumberRules =
      values.minimum != nil || values.maximum != nil || values.exclusiveMinimum != nil
      || values.exclusiveMaximum != nil || values.multipleOf != nil
  }

  /// A bound that is excluded: a number, or as in draft 4 whether the other bound is. The latter is
  /// taken in all dialects, since descriptions of APIs have it in any, and it cannot mean more.
  private func bound(
    _ word: String, _ other: JSONNumber?, _ dialect: SchemaDialect, _ location: Location
  ) throws(SchemaFault) -> JSONNumber? {
    if let isExcluded = location.value[word]?.boolean { return isExcluded ? other : nil }
    if dialect.draft.rawValue < SchemaDialect.Draft.draft7.rawValue { return nil }
    return try number(word, location)
  }

  /// Whether numbers need not be negative, and that is all.
  private func isNotNegative(_ values: SchemaNode.ValueRules) -> Bool {
    values.minimum?.integer == 0 && values.exclusiveMinimum == nil && values.maximum == nil
      && values.exclusiveMaximum == nil && values.multipleOf == nil && values.numberFormat == nil
  }

  /// The whole numbers that all rules for numbers allow; nil if bounds alone do not say.
  private func integers(_ values: SchemaNode.ValueRules) -> ClosedRange<Int>? {
    guard values.multipleOf == nil, values.numberFormat == nil else { return nil }
    var (low, high) = (Int.min, Int.max)
    for (bound, step) in [(values.minimum, 0), (values.exclusiveMinimum, 1)] {
      guard let bound else { continue }
      guard let whole = bound.integer, whole < Int.max else { return nil }
      low = max(low, whole + step)
    }
    for (bound, step) in [(values.maximum, 0), (values.exclusiveMaximum, 1)] {
      guard let bound else { continue }
      guard let whole = bound.integer, whole > Int.min else { return nil }
      high = min(high, whole - step)
    }
    return low <= high ? low...high : nil
  }

  private func readStrings(
    _ location: Location, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    rules.values.minLength = try count("minLength", location)
    rules.values.maxLength = try count("maxLength", location)
    if let value = location.value["pattern"] {
      guard let source = value.string else { throw fault("pattern", "a string", location) }
      rules.values.pattern = try pattern(source, location)
    }
    rules.hasStringRules =
      rules.values.minLength != nil || rules.values.maxLength != nil
      || rules.values.pattern != nil
  }

  private func readFormat(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    guard settings.assertsFormats, let name = location.value["format"]?.string,
      let format = StringFormat(rawValue: name)
    else { return }
    if format.isOfNumbers {
      rules.values.numberFormat = format
      rules.hasNumberRules = true
    } else {
      rules.values.format = format
      rules.hasStringRules = true
    }
  }

  // MARK: Arrays and objects

  private mutating func readArray(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    var array = SchemaNode.ArrayRules()
    if dialect.draft == .draft2020 {
      array.prefix = try parts(location, "prefixItems", as: location.inner)
      array.rest = try part(optional: location, "items", as: location.inner)
      rules.unevaluatedItems = try part(
        optional: location, "unevaluatedItems", as: location.inner)
      array.containsMarks = true
    } else if case .array = location.value["items"] {
      array.prefix = try parts(location, "items", as: location.inner)
      array.rest = try part(optional: location, "additionalItems", as: location.inner)
      array.restWord = "additionalItems"
    } else {
      array.rest = try part(optional: location, "items", as: location.inner)
    }
    if dialect.schemaWords.contains("contains") {
      array.contains = try part(optional: location, "contains", as: .open)
    }
    if dialect.checksValues {
      if dialect.draft == .draft2020 {
        array.minContains = try count("minContains", location) ?? 1
        array.maxContains = try count("maxContains", location)
      }
      array.minItems = try count("minItems", location)
      array.maxItems = try count("maxItems", location)
      array.isUnique = location.value["uniqueItems"]?.boolean ?? false
    }
    let isEmpty =
      array.prefix.isEmpty && array.rest == nil && array.contains == nil
      && array.minItems == nil && array.maxItems == nil && !array.isUnique
    rules.array = isEmpty ? nil : SchemaNode.Frozen(array)
  }

  private mutating func readObject(
    _ location: Location, _ dialect: SchemaDialect, _ rules: inout SchemaNode.Rules
  ) throws(SchemaFault) {
    var object = SchemaNode.ObjectRules()
    for member in location.value["properties"]?.members ?? [] {
      object.names.set(
        try part(location, "properties", member.name, as: location.inner), for: member.name)
      if isOneSided(member.value, location) {
        object.oneSided.append(object.names.number(of: member.name))
      }
    }
    if dialect.mapWords.contains("patternProperties") {
      for member in location.value["patternProperties"]?.members ?? [] {
        let pattern = try pattern(member.name, location)
        object.patterns.append(
          (
            pattern,
            try part(location, "patternProperties", member.name, as: location.inner)
          ))
      }
    }
    object.rest = try part(optional: location, "additionalProperties", as: location.inner)
    if dialect.schemaWords.contains("propertyNames") {
      object.propertyNames = try part(optional: location, "propertyNames", as: .open)
    }
    if dialect.draft == .draft2020 {
      rules.unevaluatedProperties = try part(
        optional: location, "unevaluatedProperties", as: location.inner)
    }
    if dialect.checksValues {
      for name in location.value["required"]?.elements ?? [] {
        guard let name = name.string else { throw fault("required", "names", location) }
        if isOneSided(location.value["properties"]?[name], location) { continue }
        let number = object.names.number(of: name)
        if !object.required.contains(number) { object.required.append(number) }
      }
      object.minProperties = try count("minProperties", location)
      object.maxProperties = try count("maxProperties", location)
    }
    try readDependencies(location, dialect, &object)
    object.table = SchemaNameTable(object.names)
    let isEmpty =
      object.names.names.isEmpty && object.patterns.isEmpty && object.rest == nil
      && object.propertyNames == nil && object.minProperties == nil
      && object.maxProperties == nil
    object.oneSidedWord = settings.direction == .request ? "readOnly" : "writeOnly"
    rules.object = isEmpty ? nil : SchemaNode.Frozen(object)
  }

  /// Whether a property is marked as one that only messages the other way have, itself or by one
  /// reference (OpenAPI 3.0.4 §4.7.24.1).
  private func isOneSided(_ schema: JSONValue?, _ location: Location) -> Bool {
    guard let word = settings.direction.otherWord, let schema else { return false }
    if schema[word]?.boolean == true { return true }
    guard let reference = schema["$ref"]?.string, reference.hasPrefix("#"),
      let pointer = JSONPointer(fragment: String(reference.dropFirst())),
      let target = store.value(at: .init(document: location.place.document, pointer: pointer))
    else { return false }
    return target[word]?.boolean == true
  }

  private mutating func readDependencies(
    _ location: Location, _ dialect: SchemaDialect, _ object: inout SchemaNode.ObjectRules
  ) throws(SchemaFault) {
    let words: [String]
    switch dialect.draft {
    case .openAPI30: words = []
    case .draft4, .draft7: words = ["dependencies"]
    case .draft2020:
      words = ["dependentSchemas"] + (dialect.checksValues ? ["dependentRequired"] : [])
    }
    for word in words {
      for member in location.value[word]?.members ?? [] {
        let name = object.names.number(of: member.name)
        if case .array(let names) = member.value {
          let required = names.compactMap(\.string).map { object.names.number(of: $0) }
          object.dependentNames.append((name, required))
        } else {
          let node = try part(location, word, member.name, as: location.same)
          object.dependentSchemas.append((name, node))
        }
      }
    }
  }
}
