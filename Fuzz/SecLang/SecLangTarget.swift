@testable import SecLang

/// Reads what the fuzzer makes up as a rule file, and runs what it says on the rest of it; then
/// holds the text through every transformation and both detectors.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSecLang(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let traits = TextTraits.of(bytes.span)
  for step in Transformation.allCases {
    var output: [UInt8] = []
    step.apply(bytes.span, to: &output)
    if traits.isDisjoint(with: step.needs) {
      precondition(output == bytes, "\(step) changed a text that it needs nothing of")
    }
  }
  _ = SQLInjection.isFound(bytes.span, traits)
  _ = MarkupInjection.isFound(bytes.span, traits)
  if let pattern = BacktrackingPattern(Array(bytes.prefix(64))) {
    let needs = RequiredText(Array(bytes.prefix(64)))
    let text = Array(bytes.dropFirst(64).prefix(256))
    if pattern.match(text.span, Matcher()) == .matched { hold(text, needs) }
  }
  guard let set = try? RuleSet([RuleFile(name: "fuzz", text: bytes)]), set.count > 0,
    var inspection = Inspection(set)
  else { return 0 }
  for kind in InputKind.allCases { inspection.add(kind, name: bytes.span, bytes.span) }
  _ = inspection.run()
  inspection.clear()
  return 0
}

/// What an expression needs must be in every text that it matches.
private func hold(_ text: [UInt8], _ needs: RequiredText) {
  let lower = text.map(ExpressionNeeds.lower)
  if !needs.words.isEmpty {
    let isThere = needs.words.contains { word in
      lower.count >= word.count
        && (0...lower.count - word.count).contains { Array(lower[$0..<$0 + word.count]) == word }
    }
    precondition(isThere, "a match without any of the words that it needs")
  }
  if let bytes = needs.bytes {
    precondition(text.contains(where: bytes.contains), "a match without a byte that it needs")
  }
}
