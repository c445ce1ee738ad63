import Formats
import Pattern

/// Objects, and what of objects and arrays no schema has looked at.
extension SchemaRun {
  /// Whether a member or element is what its schema says; `rule` led to it.
  mutating func part(
    _ node: Int, _ place: Int, _ text: Span<UInt8>, _ rule: StaticString
  ) -> Bool {
    if let verdict = schema.nodes[node].rules.verdict {
      return verdict || refuse(rule, place, "no such value")
    }
    return holds(node, place, text, marksWanted: false)
  }

  mutating func checkObject(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>,
    _ marking: Bool
  ) -> Bool {
    guard let rules = node.rules.object else { return true }
    var isSound = true
    var seen = NumberSet(count: rules.names.names.count)
    var count = 0
    var member = place + 1
    while member < Int(entry.next) {
      let value = member + 1
      count += 1
      let number = rules.names.find(tape[member], in: text)
      var isKnown = false
      if number >= 0 {
        seen.insert(number)
        if rules.names.nodes[number] >= 0 {
          isKnown = true
          isSound = part(rules.names.nodes[number], value, text, "properties") && isSound
        }
      }
      if !rules.patterns.isEmpty {
        let name = tape[member].plain(in: text)
        for index in rules.patterns.indices where rules.patterns[index].pattern.matches(name.span) {
          isKnown = true
          isSound = part(rules.patterns[index].node, value, text, "patternProperties") && isSound
        }
      }
      if !isKnown, let rest = rules.rest {
        isKnown = true
        isSound = part(rest, value, text, "additionalProperties") && isSound
      }
      if let names = rules.propertyNames {
        isSound = part(names, member, text, "propertyNames") && isSound
      }
      guard isSound || isCollecting else { return false }
      if marking, isKnown { marks.append(value) }
      member = Int(tape[value].next)
    }
    isSound = checkPresence(rules, place, seen, count) && isSound
    for index in rules.dependentSchemas.indices {
      guard isSound || isCollecting else { return false }
      let dependent = rules.dependentSchemas[index]
      guard seen.contains(dependent.name) else { continue }
      isSound = holds(dependent.node, place, text, marksWanted: marking) && isSound
    }
    return isSound
  }

  /// Whether the names are there that must be, and as many as may be.
  private mutating func checkPresence(
    _ rules: SchemaNode.ObjectRules, _ place: Int, _ seen: NumberSet, _ count: Int
  ) -> Bool {
    var isSound = true
    for index in rules.required.indices where !seen.contains(rules.required[index]) {
      isSound = refuse("required", place, "member '\(rules.names.names[rules.required[index]])'")
      guard isCollecting else { return false }
    }
    for index in rules.readOnly.indices where seen.contains(rules.readOnly[index]) {
      isSound = refuse(
        "readOnly", place, "no member '\(rules.names.names[rules.readOnly[index]])'")
      guard isCollecting else { return false }
    }
    if let bound = rules.minProperties, count < bound {
      isSound = refuse("minProperties", place, "at least \(bound) members")
    }
    if let bound = rules.maxProperties, count > bound {
      isSound = refuse("maxProperties", place, "at most \(bound) members")
    }
    for index in rules.dependentNames.indices where seen.contains(rules.dependentNames[index].name)
    {
      for name in rules.dependentNames[index].required where !seen.contains(name) {
        isSound = refuse("dependentRequired", place, "member '\(rules.names.names[name])'")
      }
    }
    return isSound
  }

  /// Holds a schema against the members or elements that no other has looked at.
  mutating func checkUnevaluated(
    _ node: Int, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>, _ base: Int,
    _ marking: Bool, _ rule: StaticString
  ) -> Bool {
    let looked = marks[base...].sorted()
    var next = 0
    var isSound = true
    let step = entry.kind == .object ? 1 : 0
    var child = place + 1 + step
    while child < Int(entry.next) {
      while next < looked.count, looked[next] < child { next += 1 }
      if next >= looked.count || looked[next] != child {
        isSound = part(node, child, text, rule) && isSound
        guard isSound || isCollecting else { return false }
        if marking { marks.append(child) }
      }
      child = Int(tape[child].next) + step
    }
    return isSound
  }
}
