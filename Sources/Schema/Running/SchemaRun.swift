import Formats
import Pattern

/// One check of one text.
struct SchemaRun {
  /// How deep schemas may lead into one another, values and references together.
  private static let depthMax = 400
  /// How many schemas are held against values at most, so that no text makes the work explode: so
  /// many for any text, and so many more for each of its values, but no more than the last.
  private static let stepsOfAny = 100_000
  private static let stepsOfEach = 1_000
  private static let stepsMax = 2_000_000

  /// A violation whose pointer is not made yet.
  private struct Found {
    var place: Int
    var rule: StaticString
    var expected: String
  }

  let schema: SchemaProgram
  let tape: [JSONTape.Entry]
  /// How many violations are wanted; with 0 the first ends the check.
  var violationsMax = 0
  private var found: [Found] = []
  private var silence = 0
  private var depth = 0
  private var stepsLeft: Int
  private var isExhausted = false
  private var scope: [Int] = []
  /// Places of members and elements that schemas have looked at, for `unevaluated…`.
  var marks: [Int] = []

  init(_ schema: SchemaProgram, _ tape: borrowing JSONTape) {
    self.schema = schema
    self.tape = tape.entries
    stepsLeft = min(
      SchemaRun.stepsOfAny + SchemaRun.stepsOfEach * tape.count, SchemaRun.stepsMax)
  }

  /// Whether all of it is sound.
  mutating func run(_ root: Int, _ text: Span<UInt8>) -> Bool {
    let isSound = holds(root, 0, text, marksWanted: false)
    return isSound && !isExhausted
  }

  /// Whether the check goes on after a violation, to find more.
  var isCollecting: Bool { violationsMax > 0 && silence == 0 && found.count < violationsMax }

  /// Notes a violation; always false.
  mutating func refuse(
    _ rule: StaticString, _ place: Int, _ expected: @autoclosure () -> String
  ) -> Bool {
    if isCollecting { found.append(Found(place: place, rule: rule, expected: expected())) }
    return false
  }

  /// Whether the value at `place` is what a schema says.
  mutating func holds(
    _ number: Int, _ place: Int, _ text: Span<UInt8>, marksWanted: Bool
  ) -> Bool {
    if isLeafSound(number, place, text) { return true }
    let node = schema.nodes[number]
    if let verdict = node.rules.verdict {
      return verdict || refuse("false", place, "nothing")
    }
    stepsLeft -= 1
    guard depth < SchemaRun.depthMax, stepsLeft > 0, !isExhausted else {
      isExhausted = true
      return false
    }
    depth += 1
    let isEntering = schema.hasDynamic && scope.last != node.rules.resource
    if isEntering { scope.append(node.rules.resource) }
    let base = marks.count
    let isSound = check(node, place, text, base, marksWanted)
    if isEntering { scope.removeLast() }
    depth -= 1
    if !isSound || !marksWanted { marks.removeLast(marks.count - base) }
    return isSound
  }

  /// Whether a value is sound by what its schema says at a glance.
  @inline(__always)
  func isLeafSound(_ number: Int, _ place: Int, _ text: Span<UInt8>) -> Bool {
    let entry = tape[place]
    guard schema.leaves[number].isSound(entry, text) else { return false }
    let pattern = schema.leaves[number].pattern
    guard pattern >= 0, entry.kind == .string else { return true }
    return schema.patterns[Int(pattern)].matches(text.extracting(entry.range))
  }

  private mutating func check(
    _ node: SchemaNode, _ place: Int, _ text: Span<UInt8>, _ base: Int, _ marksWanted: Bool
  ) -> Bool {
    let entry = tape[place]
    var isSound = checkType(node, place, entry, text)
    guard isSound || isCollecting else { return false }
    let marksNeeded =
      marksWanted || node.rules.unevaluatedItems != nil
      || node.rules.unevaluatedProperties != nil
    if node.rules.hasInPlace {
      isSound = checkInPlace(node, place, text, marksNeeded) && isSound
      guard isSound || isCollecting else { return false }
    }
    switch entry.kind {
    case .object:
      if node.rules.object != nil {
        isSound = checkObject(node, place, entry, text, marksNeeded) && isSound
      }
      if let rest = node.rules.unevaluatedProperties, isSound {
        isSound =
          checkUnevaluated(
            rest, place, entry, text, base, marksWanted, "unevaluatedProperties") && isSound
      }
    case .array:
      if node.rules.array != nil {
        isSound = checkArray(node, place, entry, text, marksNeeded) && isSound
      }
      if let rest = node.rules.unevaluatedItems, isSound {
        isSound =
          checkUnevaluated(
            rest, place, entry, text, base, marksWanted, "unevaluatedItems") && isSound
      }
    case .string:
      if node.rules.hasStringRules {
        isSound = checkString(node, place, entry, text) && isSound
      }
    case .number:
      if node.rules.hasNumberRules {
        isSound = checkNumber(node, place, entry, text) && isSound
      }
    case .boolean, .null: break
    }
    return isSound
  }

  // MARK: Schemas that look at the same value

  private mutating func checkInPlace(
    _ node: SchemaNode, _ place: Int, _ text: Span<UInt8>, _ marking: Bool
  ) -> Bool {
    var isSound = true
    if let target = node.rules.reference {
      isSound = holds(target, place, text, marksWanted: marking)
      guard isSound || isCollecting else { return false }
    }
    if let reference = node.rules.dynamicReference {
      isSound = holds(end(of: reference), place, text, marksWanted: marking) && isSound
      guard isSound || isCollecting else { return false }
    }
    for index in node.rules.allOf.indices {
      isSound = holds(node.rules.allOf[index], place, text, marksWanted: marking) && isSound
      guard isSound || isCollecting else { return false }
    }
    let chosen = node.rules.discriminator
    if let chosen, tape[place].kind == .object {
      isSound = checkForm(chosen, place, text, marking) && isSound
      guard isSound || isCollecting else { return false }
    }
    let isChosen = chosen != nil && tape[place].kind == .object
    if !node.rules.anyOf.isEmpty, !isChosen || chosen?.value.isOneOf == true {
      let count = quietly(node.rules.anyOf, place, text, marking, upTo: marking ? .max : 1)
      if count == 0 { isSound = refuse("anyOf", place, "one of several forms") }
      guard isSound || isCollecting else { return false }
    }
    if !node.rules.oneOf.isEmpty, !isChosen || chosen?.value.isOneOf == false {
      let count = quietly(node.rules.oneOf, place, text, marking, upTo: 2)
      if count != 1 {
        isSound = refuse("oneOf", place, count == 0 ? "one of several forms" : "one form only")
      }
      guard isSound || isCollecting else { return false }
    }
    if let not = node.rules.not, quietly([not], place, text, false, upTo: 1) > 0 {
      isSound = refuse("not", place, "another form")
    }
    if let condition = node.rules.condition {
      let isMet = quietly([condition], place, text, marking, upTo: 1) > 0
      if let next = isMet ? node.rules.then : node.rules.otherwise {
        isSound = holds(next, place, text, marksWanted: marking) && isSound
      }
    }
    return isSound
  }

  /// How many of some schemas hold, without a word about those that do not.
  mutating func quietly(
    _ nodes: [Int], _ place: Int, _ text: Span<UInt8>, _ marking: Bool, upTo: Int
  ) -> Int {
    silence += 1
    defer { silence -= 1 }
    var count = 0
    for index in nodes.indices where count < upTo {
      if holds(nodes[index], place, text, marksWanted: marking) { count += 1 }
    }
    return count
  }

  /// Where a dynamic reference leads: to the outermost resource on the way that has its anchor.
  private func end(of reference: SchemaNode.DynamicReference) -> Int {
    if reference.anchor >= 0 {
      for resource in scope {
        if let node = schema.dynamicNodes[resource][reference.anchor] { return node }
      }
    }
    return reference.target
  }

  // MARK: Violations

  /// What was found, with pointers.
  func violations(_ text: Span<UInt8>) -> [SchemaViolation] {
    if isExhausted {
      return [
        SchemaViolation(
          pointer: "", place: 0, rule: "limits", expected: "a text that is checked in fewer steps",
          found: name(of: 0))
      ]
    }
    var all: [SchemaViolation] = []
    for item in found {
      all.append(
        SchemaViolation(
          pointer: pointer(to: item.place, text), place: item.place, rule: "\(item.rule)",
          expected: item.expected, found: name(of: item.place)))
    }
    return all
  }

  private func name(of place: Int) -> String { SchemaTypes(tape[place].kind).text }

  private func pointer(to target: Int, _ text: Span<UInt8>) -> String {
    var pointer = JSONPointer()
    var place = 0
    while place != target {
      let isObject = tape[place].kind == .object
      var child = place + 1
      var number = 0
      while child < Int(tape[place].next) {
        let value = isObject ? child + 1 : child
        if target < Int(tape[value].next) {
          pointer.tokens.append(
            isObject ? String(decoding: tape[child].plain(in: text), as: UTF8.self) : "\(number)")
          place = child == target ? target : value
          break
        }
        child = Int(tape[value].next)
        number += 1
      }
    }
    return pointer.description
  }
}
