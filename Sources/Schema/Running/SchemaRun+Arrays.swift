import Formats

/// Arrays, and which values are the same.
extension SchemaRun {
  mutating func checkArray(
    _ node: SchemaNode, _ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>,
    _ marking: Bool
  ) -> Bool {
    guard let frozen = node.rules.array else { return true }
    var isSound = true
    var count = 0
    var matches = 0
    var element = place + 1
    while element < Int(entry.next) {
      var isKnown = true
      if count < frozen.value.prefix.count {
        isSound = part(frozen.value.prefix[count], element, text, "prefixItems") && isSound
      } else if let rest = frozen.value.rest {
        isSound = part(rest, element, text, frozen.value.restWord) && isSound
      } else {
        isKnown = false
      }
      guard isSound || isCollecting else { return false }
      if let contains = frozen.value.contains,
        quietly([contains], element, text, false, upTo: 1) > 0
      {
        matches += 1
        if frozen.value.containsMarks { isKnown = true }
      }
      if marking, isKnown { marks.append(element) }
      count += 1
      element = Int(tape[element].next)
    }
    if let bound = frozen.value.minItems, count < bound {
      isSound = refuse("minItems", place, "at least \(bound) elements")
    }
    if let bound = frozen.value.maxItems, count > bound {
      isSound = refuse("maxItems", place, "at most \(bound) elements")
    }
    if frozen.value.contains != nil {
      if matches < frozen.value.minContains {
        isSound = refuse("contains", place, "at least \(frozen.value.minContains) of a form")
      }
      if let bound = frozen.value.maxContains, matches > bound {
        isSound = refuse("maxContains", place, "at most \(bound) of a form")
      }
    }
    if frozen.value.isUnique, isSound || isCollecting, !areUnique(place, entry, text) {
      isSound = refuse("uniqueItems", place, "elements that differ")
    }
    return isSound
  }

  /// Whether no two elements are the same; by their hashes, so that no choice makes it slow.
  private func areUnique(_ place: Int, _ entry: JSONTape.Entry, _ text: Span<UInt8>) -> Bool {
    var known: [UInt64: [Int]] = [:]
    var element = place + 1
    while element < Int(entry.next) {
      let hash = hash(element, text)
      for other in known[hash] ?? [] where areEqual(other, element, text) { return false }
      known[hash, default: []].append(element)
      element = Int(tape[element].next)
    }
    return true
  }

  private func hash(_ place: Int, _ text: Span<UInt8>) -> UInt64 {
    let entry = tape[place]
    var hasher = Hasher()
    hasher.combine(entry.kind)
    switch entry.kind {
    case .null: break
    case .boolean: hasher.combine(text[entry.range.lowerBound])
    case .number: hasher.combine(JSONNumber(text: text.extracting(entry.range)))
    case .string: hasher.combine(entry.plain(in: text))
    case .array:
      var child = place + 1
      while child < Int(entry.next) {
        hasher.combine(hash(child, text))
        child = Int(tape[child].next)
      }
    case .object:
      var sum: UInt64 = 0
      var child = place + 1
      while child < Int(entry.next) {
        var own = Hasher()
        own.combine(tape[child].next)
        own.combine(hash(child + 1, text))
        sum &+= UInt64(truncatingIfNeeded: own.finalize())
        child = Int(tape[child + 1].next)
      }
      hasher.combine(sum)
    }
    return UInt64(truncatingIfNeeded: hasher.finalize())
  }

  private func areEqual(_ left: Int, _ right: Int, _ text: Span<UInt8>) -> Bool {
    let (first, second) = (tape[left], tape[right])
    guard first.kind == second.kind else { return false }
    switch first.kind {
    case .null: return true
    case .boolean: return text[first.range.lowerBound] == text[second.range.lowerBound]
    case .number:
      return JSONNumber(text: text.extracting(first.range))
        == JSONNumber(text: text.extracting(second.range))
    case .string: return first.plain(in: text) == second.plain(in: text)
    case .array:
      var (one, other) = (left + 1, right + 1)
      while one < Int(first.next), other < Int(second.next) {
        guard areEqual(one, other, text) else { return false }
        one = Int(tape[one].next)
        other = Int(tape[other].next)
      }
      return one == Int(first.next) && other == Int(second.next)
    case .object: return areEqualObjects(left, right, text)
    }
  }

  private func areEqualObjects(_ left: Int, _ right: Int, _ text: Span<UInt8>) -> Bool {
    var values: [[UInt8]: Int] = [:]
    var child = left + 1
    while child < Int(tape[left].next) {
      values[tape[child].plain(in: text)] = child + 1
      child = Int(tape[child + 1].next)
    }
    var count = 0
    child = right + 1
    while child < Int(tape[right].next) {
      guard let other = values[tape[child].plain(in: text)], areEqual(other, child + 1, text)
      else { return false }
      count += 1
      child = Int(tape[child + 1].next)
    }
    return count == values.count
  }
}
