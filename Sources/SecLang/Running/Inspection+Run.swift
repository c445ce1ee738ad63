import Base

/// Going through the rules.
extension Inspection {
  /// Runs all phases that are about requests; whether a rule says to refuse.
  public mutating func run() -> Bool {
    findCandidates()
    for phase in RuleSet.phases {
      switch run(phase: phase) {
      case .deny: return true
      case .allow: return false
      case .pass: continue
      }
    }
    return false
  }

  /// Takes rules out of this request, by their places.
  public mutating func remove(rules: [Int]) {
    for place in rules { removed[place >> 6] |= 1 << UInt64(place & 63) }
  }

  private mutating func run(phase: Int) -> Rule.Outcome {
    var place = 0
    while let rule = nextRule(from: place, phase: phase) {
      place = rule + 1
      var last = rule
      var isWhole = true
      while true {
        guard evaluate(last) else {
          isWhole = false
          break
        }
        if !set.rules[last].isChained || last + 1 >= set.rules.count { break }
        last += 1
      }
      if !isWhole { continue }
      note(rule)
      if isOff { return .allow }
      if set.rules[rule].outcome != .pass { return set.rules[rule].outcome }
      if let next = set.rules[rule].next { place = max(next, place) }
    }
    return .pass
  }

  /// The next rule that must be tried.
  private func nextRule(from start: Int, phase: Int) -> Int? {
    var word = start >> 6
    var mask = UInt64.max << UInt64(start & 63)
    while word < candidates.count {
      let left =
        (set.untested[phase][word] | candidates[word] & set.starters[phase][word])
        & ~removed[word] & mask
      if left != 0 { return word << 6 + left.trailingZeroBitCount }
      word += 1
      mask = .max
    }
    return nil
  }

  private mutating func note(_ rule: Int) {
    guard set.rules[rule].isLogged, set.rules[rule].message != nil,
      matches.count < limits.matchesMax
    else { return }
    let input = matched.last?.input ?? -1
    matches.append(RuleMatch(rule: rule, input: input >= 0 ? Int(input) : nil))
  }

  // MARK: One rule

  /// Tries one rule on everything it looks at; its actions are done for each match.
  private mutating func evaluate(_ place: Int) -> Bool {
    newlyMatched.removeAll(keepingCapacity: true)
    let rule = set.rules[place]
    if rule.soughtPattern != nil {
      lookAtHits(rule, place)
    } else {
      for index in rule.inputs.indices { look(rule.inputs[index], rule, place) }
      for index in rule.variables.indices { look(rule.variables[index], rule, place) }
    }
    let isMatch = !newlyMatched.isEmpty
    if isMatch { swap(&matched, &newlyMatched) }
    return isMatch
  }

  /// Tries a rule where it may find its pattern.
  private mutating func lookAtHits(_ rule: Rule, _ place: Int) {
    guard candidates[place >> 6] >> UInt64(place & 63) & 1 == 1 else { return }
    var index = firstHit[place]
    while index >= 0 {
      let hit = hits[Int(index)]
      index = hit.next
      let input = Int(hit.input)
      if isMeant(input, by: rule), !isExcepted(input, rule, place), test(rule, hit.text) {
        matched(rule, hit.text, hit.input)
      }
    }
  }

  private func isMeant(_ input: Int, by rule: Rule) -> Bool {
    let bit = inputs[input].kind.bit
    for index in rule.inputs.indices
    where rule.inputs[index].kinds & bit != 0 && isNamed(input, rule.inputs[index].names) {
      return true
    }
    return false
  }

  private mutating func look(_ selector: Selector, _ rule: Rule, _ place: Int) {
    var kinds = selector.kinds
    while kinds != 0 {
      let kind = kinds.trailingZeroBitCount
      kinds &= kinds - 1
      var input = firstOfKind[kind]
      while input >= 0 {
        let at = Int(input)
        if isNamed(at, selector.names), !isExcepted(at, rule, place) {
          for chain in rule.chains {
            let form = form(ofInput: at, byChain: chain)
            if test(rule, form) { matched(rule, form, input) }
          }
        }
        input = inputs[at].next
      }
    }
  }

  private mutating func look(_ variable: Variable, _ rule: Rule, _ place: Int) {
    switch variable {
    case .matchedValues:
      for index in matched.indices { hold(rule, matched[index].text, matched[index].input) }
    case .matchedNames:
      for index in matched.indices where matched[index].input >= 0 {
        let name = inputs[Int(matched[index].input)].name
        hold(rule, addText(name), matched[index].input)
      }
    case .transactionMatching(let names):
      for index in set.slots.indices where values[index].isSet {
        let name = set.slots[index]
        if names.matches(name.span, matcher) {
          hold(rule, addText(values[index].slice), -1)
        }
      }
      for index in named.indices
      where names.matches(bytes.span.extracting(named[index].name.range), matcher) {
        hold(rule, addText(named[index].value), -1)
      }
    default:
      guard let slice = slice(of: variable) else { return }
      hold(rule, addText(slice), matched.last?.input ?? -1)
    }
  }

  private mutating func hold(_ rule: Rule, _ text: Int32, _ input: Int32) {
    for chain in rule.chains {
      let form = form(of: text, byChain: chain)
      if test(rule, form) { matched(rule, form, input) }
    }
  }

  func isNamed(_ input: Int, _ names: Selector.Names) -> Bool {
    switch names {
    case .all: return true
    case .exact(let name):
      let given = inputs[input].name
      guard Int(given.count) == name.count else { return false }
      for at in name.indices
      where ASCII.lowercased(bytes[Int(given.offset) + at]) != name[at] { return false }
      return true
    case .matching(let expression):
      return expression.matches(bytes.span.extracting(inputs[input].name.range), matcher)
    }
  }

  private func isExcepted(_ input: Int, _ rule: Rule, _ place: Int) -> Bool {
    let bit = inputs[input].kind.bit
    for selector in rule.exceptions
    where selector.kinds & bit != 0 && isNamed(input, selector.names) { return true }
    for exemption in exemptions
    where exemption.selector.kinds & bit != 0 && exemption.rules.contains(place)
      && isNamed(input, exemption.selector.names)
    { return true }
    return false
  }

  /// Notes a match, keeps its groups, and does what the rule says.
  private mutating func matched(_ rule: Rule, _ text: Int32, _ input: Int32) {
    newlyMatched.append((text, input))
    if rule.captures { capture(rule, text) }
    for index in rule.actions.indices {
      perform(rule.actions[index], of: rule, text, input)
    }
  }

  private mutating func capture(_ rule: Rule, _ text: Int32) {
    let slice = texts[Int(text)].slice
    guard case .pattern = rule.operation, !rule.isNegated else {
      values[0] = Value(slice: slice, isSet: true)
      return
    }
    for number in 0..<Matcher.groupsMax {
      guard let group = matcher.group(number), group.upperBound <= Int(slice.count) else {
        if number > 0 { break }
        continue
      }
      values[number] = Value(
        slice: Slice(offset: Int(slice.offset) + group.lowerBound, count: group.count),
        isSet: true)
    }
  }
}
