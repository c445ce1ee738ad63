import Formats
import Pattern

/// Objects, and what of objects and arrays no schema has looked at.
extension SchemaRun {
  /// Whether a member or element is what its schema says; `rule` led to it.
  mutating func part(
    _ node: Int, _ place: Int, _ text: Span<UInt8>, _ rule: StaticString
  ) -> Bool {
    if isLeafSound(node, place, text) { return true }
    if let verdict = schema.nodes[node].rules.verdict {
      return verdict || refuse(rule, place, "no such value")
    }
    return holds(node, place, text, marksWanted: false)
  }

  mutating func checkObject(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>,
    _ marking: Bool
  ) -> Bool {
    guard let frozen = node.rules.object, let table = frozen.value.table else { return true }
    var isSound = true
    var seen = NumberSet(count: frozen.value.names.names.count)
    var count = 0
    var member = place + 1
    while member < Int(entry.next) {
      let value = member + 1
      count += 1
      let number = table.find(tape[member], in: text)
      var isKnown = false
      if number >= 0 {
        seen.insert(number)
        let schema = table.node(number)
        if schema >= 0 {
          isKnown = true
          isSound = part(schema, value, text, "properties") && isSound
        }
      }
      if !frozen.value.patterns.isEmpty {
        let name = tape[member].plain(in: text)
        for index in frozen.value.patterns.indices
        where frozen.value.patterns[index].pattern.matches(name.span) {
          isKnown = true
          isSound =
            part(frozen.value.patterns[index].node, value, text, "patternProperties") && isSound
        }
      }
      if !isKnown, let rest = frozen.value.rest {
        isKnown = true
        isSound = part(rest, value, text, "additionalProperties") && isSound
      }
      if let names = frozen.value.propertyNames {
        isSound = part(names, member, text, "propertyNames") && isSound
      }
      guard isSound || isCollecting else { return false }
      if marking, isKnown { marks.append(value) }
      member = Int(tape[value].next)
    }
    isSound = checkPresence(frozen, place, seen, count) && isSound
    for index in frozen.value.dependentSchemas.indices {
      guard isSound || isCollecting else { return false }
      let dependent = frozen.value.dependentSchemas[index]
      guard seen.contains(dependent.name) else { continue }
      isSound = holds(dependent.node, place, text, marksWanted: marking) && isSound
    }
    return isSound
  }

  /// Whether the names are there that must be, and as many as may be.
  private mutating func checkPresence(
    _ frozen: SchemaNode.Frozen<SchemaNode.ObjectRules>, _ place: Int, _ seen: NumberSet,
    _ count: Int
  ) -> Bool {
    var isSound = true
    for index in frozen.value.required.indices where !seen.contains(frozen.value.required[index]) {
      isSound = refuse(
        "required", place, "member '\(frozen.value.names.names[frozen.value.required[index]])'")
      guard isCollecting else { return false }
    }
    for index in frozen.value.oneSided.indices where seen.contains(frozen.value.oneSided[index]) {
      isSound = refuse(
        frozen.value.oneSidedWord, place,
        "no member '\(frozen.value.names.names[frozen.value.oneSided[index]])'")
      guard isCollecting else { return false }
    }
    if let bound = frozen.value.minProperties, count < bound {
      isSound = refuse("minProperties", place, "at least \(bound) members")
    }
    if let bound = frozen.value.maxProperties, count > bound {
      isSound = refuse("maxProperties", place, "at most \(bound) members")
    }
    for index in frozen.value.dependentNames.indices
    where seen.contains(frozen.value.dependentNames[index].name) {
      for name in frozen.value.dependentNames[index].required where !seen.contains(name) {
        isSound = refuse("dependentRequired", place, "member '\(frozen.value.names.names[name])'")
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
