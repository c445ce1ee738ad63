import Testing

@testable import SecLang

/// What is passed over must be what cannot match.
@Suite struct PrefilterTests {
  private struct Case {
    let steps: [Transformation]
    let expression: String
    let pattern: BacktrackingPattern
  }

  private static let expressions = [
    "(?i)union\\s+select", "[;|]\\s*id", "<script", "^\\d+$", "a.c", "(?i)on\\w+\\s*=", "\\x00",
    "'\\s*or", "\\.\\./", "(?:foo|bar)=", "e x", "^$", "B", "[^a-zA-Z]{3}", "%[0-9]", "&#",
  ]

  /// Every step alone, and chains of them such as rules have.
  private static func cases() throws -> [Case] {
    let steps = Transformation.allCases
    var chains = steps.map { [$0] } + [[]]
    for first in steps {
      for second in [Transformation.lowercase, .urlDecodeUni, .cmdLine, .removeNulls, .trim] {
        chains.append([first, second])
        chains.append([second, first, .htmlEntityDecode])
      }
    }
    return try chains.enumerated().flatMap { place, chain in
      try (0..<3).map { shift in
        let expression = expressions[(place * 3 + shift) % expressions.count]
        let pattern = try #require(BacktrackingPattern(Array(expression.utf8)))
        return Case(steps: chain, expression: expression, pattern: pattern)
      }
    }
  }

  @Test func `Whatever is passed over, the same rules match`() throws {
    let cases = try PrefilterTests.cases()
    let text = cases.enumerated().map { place, each in
      let chain = each.steps.map { ",t:\($0.rawValue)" }.joined()
      return "SecRule ARGS|ARGS_NAMES \"@rx \(each.expression)\" "
        + "\"id:\(place + 1),phase:2,pass,log,msg:'x',t:none\(chain)\""
    }.joined(separator: "\n")
    let set = try RuleSet([RuleFile(name: "test", text: Array(text.utf8))])
    var limits = InspectionLimits()
    limits.matchesMax = 10_000
    guard var inspection = Inspection(set, limits: limits) else { fatalError("no memory") }
    let pieces = [
      "union", " ", "SELECT", "<", "script", ";id", "%3B", "&#x3c;", "'", " or", "+", "\\", "../",
      "foo=", "\u{0}", "\t", "  ", "/*", "*/", "aGk=", "\\x3c", "é", "12", "On", "%25", "^", "e",
      "x",
      ",", "(", "/", ".", "&lt;",
    ]
    let matcher = Matcher()
    var seed: UInt32 = 7
    for _ in 0..<300 {
      var input: [UInt8] = []
      seed = seed &* 1_664_525 &+ 1_013_904_223
      for _ in 0..<Int(seed >> 16) % 7 {
        seed = seed &* 1_664_525 &+ 1_013_904_223
        input += Array(pieces[Int(seed >> 16) % pieces.count].utf8)
      }
      inspection.clear()
      inspection.add(.queryArgument, name: Span(), input.span)
      _ = inspection.run()
      let found = Set(inspection.matches.map { set.identifier(of: $0.rule) })
      for (place, each) in cases.enumerated() {
        var form = input
        for step in each.steps {
          var output: [UInt8] = []
          step.apply(form.span, to: &output)
          form = output
        }
        let isMatch = each.pattern.match(form.span, matcher) == .matched
        #expect(
          found.contains(place + 1) == isMatch,
          "\(each.expression) on \(input) by \(each.steps)")
      }
    }
  }

  @Test func `Rules of a higher level are left out unless the level may change`() throws {
    let rule =
      "SecRule ARGS \"@rx x\" \"id:1,phase:2,deny,tag:'paranoia-level/2',chain\"\n"
      + "SecRule ARGS \"@rx y\" \"\"\n"
    let guarded =
      "SecRule &TX:paranoia_level \"@eq 0\" \"id:2,phase:1,pass,setvar:tx.paranoia_level=1\"\n"
    let changing = "SecAction \"id:3,phase:1,pass,setvar:tx.executing_paranoia_level=2\"\n"
    for (text, paranoia, isFound) in [
      (rule, 1, false), (rule, 2, true), (guarded + rule, 1, false), (changing + rule, 1, true),
    ] {
      let set = try RuleSet(
        [RuleFile(name: "test", text: Array(text.utf8))], paranoia: paranoia)
      guard var inspection = Inspection(set) else { fatalError("no memory") }
      inspection.add(.queryArgument, name: Span(), "xy".utf8.span)
      #expect(inspection.run() == isFound, "\(text) at \(paranoia)")
    }
  }

  @Test func `A text that is made to be slow has an automaton decide`() throws {
    let exact = try #require(Confirmation(Array("^(?:a|a)*c|(?:b|b)*d$".utf8)))
    let set = try RuleSet([
      RuleFile(name: "test", text: Array("SecRule ARGS \"@rx abc\" \"id:1,phase:2,deny\"".utf8))
    ])
    guard var scratch = set.database.scratch() else { fatalError("no memory") }
    let matcher = Matcher()
    #expect(!exact.isLinear)
    let long = String(repeating: "a", count: 200)
    // The third text takes the engine that goes back too long.
    for (text, wanted, isLinear) in [
      ("aac", true, false), ("aae", false, false), (long + "e", false, true), ("aac", true, true),
      ("aae", false, true), ("bd", true, true), (long + "c", true, true),
    ] {
      let isMatch = exact.matches(Array(text.utf8).span, captures: true, matcher, &scratch)
      #expect(isMatch == wanted && exact.isLinear == isLinear, "\(text)")
    }
  }
}
