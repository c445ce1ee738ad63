import Base

/// The forms that texts are brought into, and which patterns may match them.
extension Inspection {
  /// What stands in a form's place if no pattern can match there.
  private static let beyondReach: Int32 = -2

  // MARK: Candidates

  /// Notes for each input which rules may match one of its forms.
  mutating func findCandidates() {
    for input in inputs.indices {
      let kind = Int(inputs[input].kind.rawValue)
      let raw = inputs[input].text
      // Hardly any input has what a step could change: then all forms are the text itself.
      if texts[Int(raw)].traits.isDisjoint(with: set.lookouts[kind].plan.triggers) {
        findHits(raw, of: input, kind)
        continue
      }
      let before = texts.count
      transform(input, kind)
      findHits(raw, of: input, kind)
      for made in before..<texts.count { findHits(Int32(made), of: input, kind) }
    }
  }

  private mutating func findHits(_ text: Int32, of input: Int, _ kind: Int) {
    scan(text)
    let offset = Int(texts[Int(text)].bits)
    for word in 0..<set.database.wordCount {
      var left = bits[offset + word] & set.lookouts[kind].patterns[word]
      while left != 0 {
        let pattern = word << 6 + left.trailingZeroBitCount
        left &= left - 1
        guard pattern < set.database.count else { break }
        note(pattern, in: text, of: input, kind)
      }
    }
  }

  /// Notes who looks for a pattern in a form that is `text`.
  private mutating func note(_ pattern: Int, in text: Int32, of input: Int, _ kind: Int) {
    let forms = Int(inputs[input].forms)
    let start = set.lookouts[kind].starts[pattern]
    let end = set.lookouts[kind].starts[pattern + 1]
    for place in start..<end {
      let use = set.lookouts[kind].uses[place]
      if forms >= 0, self.forms[forms + use.node] != text { continue }
      let bit = UInt64(1) << UInt64(use.rule & 63)
      if candidates[use.rule >> 6] & bit == 0 {
        candidates[use.rule >> 6] |= bit
        firstHit[use.rule] = Int32(hits.count)
      } else {
        let last = Int(lastHit[use.rule])
        // Forms that are one text are looked at once.
        if hits[last].text == text, hits[last].input == input { continue }
        hits[last].next = Int32(hits.count)
      }
      lastHit[use.rule] = Int32(hits.count)
      hits.append(Hit(text: text, input: Int32(input)))
    }
  }

  // MARK: Forms

  private mutating func makeRoom(_ input: Int) -> Int {
    let first = forms.count
    forms.append(contentsOf: repeatElement(-1, count: set.chains.nodes.count))
    forms[first] = inputs[input].text
    inputs[input].forms = Int32(first)
    return first
  }

  /// Brings an input into all forms in which a pattern may match.
  private mutating func transform(_ input: Int, _ kind: Int) {
    let first = makeRoom(input)
    let before = texts.count
    for index in set.lookouts[kind].plan.nodes.indices {
      let node = set.lookouts[kind].plan.nodes[index]
      let parent = forms[first + set.chains.nodes[node].parent]
      if parent < 0 {
        forms[first + node] = Inspection.beyondReach
        continue
      }
      let traits = texts[Int(parent)].traits
      if traits.isDisjoint(with: set.chains.nodes[node].needs) {
        forms[first + node] = parent
      } else if isBeyondReach(traits, node, kind) {
        forms[first + node] = Inspection.beyondReach
      } else {
        forms[first + node] = form(of: parent, by: node, since: before)
      }
    }
  }

  /// Whether what a step makes of a text of these traits holds nothing that a pattern needs, nor
  /// what another step could undo.
  private func isBeyondReach(_ traits: TextTraits, _ node: Int, _ kind: Int) -> Bool {
    guard set.chains.nodes[node].transformation.addsNothing else { return false }
    var held = traits.union(.space)
    if !held.isDisjoint(with: [.upper, .lower]) { held.formUnion([.upper, .lower]) }
    return held.isDisjoint(with: set.lookouts[kind].plan.reach[node])
  }

  /// The text that an input becomes by a whole chain.
  mutating func form(ofInput input: Int, byChain chain: Int) -> Int32 {
    let raw = inputs[input].text
    if chain == 0 { return raw }
    let needs = set.chains.nodes[chain].needsOnTheWay
    if texts[Int(raw)].traits.isDisjoint(with: needs) { return raw }
    let first = inputs[input].forms < 0 ? makeRoom(input) : Int(inputs[input].forms)
    if forms[first + chain] >= 0 { return forms[first + chain] }
    let parent = form(ofInput: input, byChain: set.chains.nodes[chain].parent)
    let made = form(of: parent, by: chain, since: texts.count)
    forms[first + chain] = made
    return made
  }

  /// The text that a text becomes by a whole chain.
  mutating func form(of text: Int32, byChain chain: Int) -> Int32 {
    if chain == 0 { return text }
    let parent = form(of: text, byChain: set.chains.nodes[chain].parent)
    return form(of: parent, by: chain, since: texts.count)
  }

  /// The text that `parent` becomes by one step, which is one there already if it is the same as
  /// one since `known`.
  private mutating func form(of parent: Int32, by node: Int, since known: Int) -> Int32 {
    let text = texts[Int(parent)]
    if text.traits.isDisjoint(with: set.chains.nodes[node].needs) { return parent }
    // Moved out and back, since the text and what becomes of it are parts of one value.
    var made: [UInt8] = []
    swap(&made, &output)
    made.removeAll(keepingCapacity: true)
    set.chains.nodes[node].transformation.apply(
      bytes.span.extracting(text.slice.range), to: &made)
    swap(&made, &output)
    if isSame(parent) { return parent }
    var place = known
    while place < texts.count {
      if isSame(Int32(place)) { return Int32(place) }
      place += 1
    }
    guard bytes.count + output.count <= limits.bytesMax else {
      isTooMuch = true
      return parent
    }
    let offset = bytes.count
    bytes.append(contentsOf: output)
    let new = addText(Slice(offset: offset, count: output.count))
    // Words and needed bytes are looked for without regard to case.
    switch set.chains.nodes[node].transformation {
    case .lowercase, .uppercase: texts[Int(new)].twin = parent
    default: break
    }
    return new
  }

  private func isSame(_ place: Int32) -> Bool {
    let slice = texts[Int(place)].slice
    return Int(slice.count) == output.count
      && ASCII.equals(bytes.span.extracting(slice.range), output.span)
  }

  // MARK: Scanning

  /// Scans a text unless that was done.
  mutating func scan(_ place: Int32) {
    let text = texts[Int(place)]
    if text.bits >= 0 { return }
    if text.twin >= 0 {
      scan(text.twin)
      texts[Int(place)].bits = texts[Int(text.twin)].bits
      return
    }
    let offset = bits.count
    for _ in 0..<set.database.wordCount { bits.append(0) }
    var found: [UInt64] = []
    swap(&found, &bits)
    set.database.scan(
      bytes.span.extracting(text.slice.range), text.traits, &found, from: offset, scratch)
    swap(&found, &bits)
    texts[Int(place)].bits = Int32(offset)
  }

  /// Whether a pattern matches a text; if `captures`, its groups are in `matcher`.
  mutating func isMatch(_ pattern: Int, _ place: Int32, captures: Bool) -> Bool {
    scan(place)
    let offset = Int(texts[Int(place)].bits)
    guard bits[offset + pattern >> 6] >> UInt64(pattern & 63) & 1 == 1 else { return false }
    guard let exact = set.database.confirmations[pattern] else { return true }
    let range = texts[Int(place)].slice.range
    // Moved out and back, since the text and the room for scanning are parts of one value.
    var held: [UInt8] = []
    swap(&held, &bytes)
    let isFound = exact.matches(
      held.span.extracting(range), captures: captures, matcher, &scratch)
    swap(&held, &bytes)
    return isFound
  }
}
