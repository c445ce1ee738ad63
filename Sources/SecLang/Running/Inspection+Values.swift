import Base

/// Values that rules set, and texts made of them.
extension Inspection {
  mutating func perform(
    _ action: RuleAction, of rule: Rule, _ text: Int32, _ input: Int32
  ) {
    switch action {
    case .set(let place, let change): set(place, change, rule, text, input)
    case .removeRules(let rules): remove(rules: rules)
    case .removeTargets(let rules, let selector): exempt(selector, from: rules)
    case .engine(let isOff): self.isOff = isOff
    }
  }

  private mutating func exempt(_ selector: Selector, from rules: [Int]) {
    guard exemptions.count < 1024 else {
      isTooMuch = true
      return
    }
    exemptions.append((rules, selector))
  }

  /// Takes the values and the name of a parameter, in lower case, out of what `rules` look at.
  public mutating func exempt(parameter: [UInt8], from rules: [Int]) {
    exempt(Selector(kinds: .max, names: .exact(parameter)), from: rules)
  }

  private mutating func set(
    _ place: RuleAction.Place, _ change: RuleAction.Change, _ rule: Rule, _ text: Int32,
    _ input: Int32
  ) {
    let current: (text: Int32, input: Int32) = (text, input)
    switch place {
    case .slot(let slot):
      switch change {
      case .unset: values[slot].isSet = false
      case .to(let macro):
        values[slot] = Value(slice: expand(macro, rule, current), isSet: true)
      case .plus(let macro): add(slot, number(expand(macro, rule, current)))
      case .minus(let macro): add(slot, -number(expand(macro, rule, current)))
      }
    case .named(let macro):
      let name = expand(macro, rule, current)
      let known = named.firstIndex {
        ASCII.equals(bytes.span.extracting($0.name.range), bytes.span.extracting(name.range))
      }
      let old = known.map { number(named[$0].value) } ?? 0
      let value: Slice
      switch change {
      case .unset:
        if let known { named.remove(at: known) }
        return
      case .to(let macro): value = expand(macro, rule, current)
      case .plus(let macro): value = store(number: old + number(expand(macro, rule, current)))
      case .minus(let macro): value = store(number: old - number(expand(macro, rule, current)))
      }
      if let known {
        named[known].value = value
      } else if named.count < limits.inputsMax {
        named.append((name, value))
      }
    }
  }

  private mutating func add(_ slot: Int, _ change: Int) {
    let old = values[slot].isSet ? number(values[slot].slice) : 0
    values[slot] = Value(slice: store(number: old + change), isSet: true)
  }

  mutating func store(number: Int) -> Slice {
    let offset = bytes.count
    var left = UInt(number.magnitude)
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let first = bytes.count
    repeat {
      bytes.append(UInt8(truncatingIfNeeded: left % 10) + 0x30)
      left /= 10
    } while left > 0
    bytes[first...].reverse()
    return Slice(offset: offset, count: bytes.count - offset)
  }

  /// The number that rules have set under a name; nil if there is none.
  public func value(_ name: StaticString) -> Int? {
    for index in self.set.slots.indices where values[index].isSet {
      let known = self.set.slots[index]
      if ASCII.equals(known.span, name) { return number(values[index].slice) }
    }
    return nil
  }

  // MARK: Texts made of values

  mutating func expand(_ macro: Macro, _ rule: Rule) -> Slice {
    expand(macro, rule, matched.last)
  }

  private mutating func expand(
    _ macro: Macro, _ rule: Rule, _ current: (text: Int32, input: Int32)?
  ) -> Slice {
    if macro.parts.count == 1 {
      switch macro.parts[0] {
      case .transaction(let slot): return values[slot].isSet ? values[slot].slice : .empty
      case .text(let text): return store(text.span)
      default: break
      }
    }
    output.removeAll(keepingCapacity: true)
    for part in macro.parts {
      switch part {
      case .text(let text): output += text
      case .transaction(let slot):
        if values[slot].isSet { output += bytes[values[slot].slice.range] }
      case .variable(.matchedName):
        if let current, current.input >= 0 {
          output += bytes[inputs[Int(current.input)].name.range]
        }
      case .variable:
        if let current { output += bytes[texts[Int(current.text)].slice.range] }
      case .input(let selector):
        if let slice = first(selector) { output += bytes[slice.range] }
      case .ruleID: output += Array(String(rule.id).utf8)
      case .ruleMessage: output += rule.message?.constant ?? []
      }
    }
    let offset = bytes.count
    bytes += output
    return Slice(offset: offset, count: output.count)
  }

  private func first(_ selector: Selector) -> Slice? {
    for place in inputs.indices
    where selector.kinds & inputs[place].kind.bit != 0 && isNamed(place, selector.names) {
      return texts[Int(inputs[place].text)].slice
    }
    return nil
  }

  // MARK: Variables

  /// The text of a variable; nil if it has no members.
  mutating func slice(of variable: Variable) -> Slice? {
    switch variable {
    case .transaction(let slot): return value(ofSlot: slot)
    case .matchedValue: return matched.last.map { texts[Int($0.text)].slice }
    case .matchedName:
      guard let last = matched.last, last.input >= 0 else { return nil }
      return inputs[Int(last.input)].name
    case .argumentBytes: return store(number: argumentBytes)
    case .fileBytes: return store(number: fileBytes)
    case .bodyBytes: return store(number: bodyBytes)
    case .bodyProcessor:
      let offset = bytes.count
      // Safety: a static string's pointer is valid for its count, for ever.
      unsafe bytes.append(
        contentsOf: UnsafeBufferPointer(
          start: bodyProcessor.utf8Start, count: bodyProcessor.utf8CodeUnitCount))
      return Slice(offset: offset, count: bytes.count - offset)
    case .bodyFault: return store(number: hasBodyFault ? 1 : 0)
    case .multipartFault: return store(number: hasMultipartFault ? 1 : 0)
    case .constant(let text): return store(text.span)
    case .count(let selectors, _):
      var count = 0
      for place in inputs.indices
      where selectors.contains(where: {
        $0.kinds & inputs[place].kind.bit != 0 && isNamed(place, $0.names)
      }) { count += 1 }
      return store(number: count)
    case .transactionCount(let slot): return store(number: value(ofSlot: slot) == nil ? 0 : 1)
    case .transactionCountMatching(let names):
      var count = 0
      for index in set.slots.indices where values[index].isSet {
        let name = set.slots[index]
        if names.matches(name.span, matcher) { count += 1 }
      }
      for index in named.indices
      where names.matches(bytes.span.extracting(named[index].name.range), matcher) { count += 1 }
      return store(number: count)
    case .countOfNothing: return store(number: 0)
    case .nothing, .matchedValues, .matchedNames, .transactionMatching: return nil
    }
  }

  private func value(ofSlot slot: Int) -> Slice? {
    if values[slot].isSet { return values[slot].slice }
    let name = set.slots[slot]
    for index in named.indices
    where ASCII.equals(bytes.span.extracting(named[index].name.range), name.span) {
      return named[index].value
    }
    return nil
  }

  private var argumentBytes: Int {
    var sum = 0
    for kind in [InputKind.queryArgument, .bodyArgument] {
      var input = firstOfKind[Int(kind.rawValue)]
      while input >= 0 {
        sum +=
          Int(inputs[Int(input)].name.count) + Int(texts[Int(inputs[Int(input)].text)].slice.count)
        input = inputs[Int(input)].next
      }
    }
    return sum
  }
}
