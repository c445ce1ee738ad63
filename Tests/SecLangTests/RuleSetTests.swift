import Testing

@testable import SecLang

@Suite struct RuleSetTests {
  private func make(_ text: String) throws -> RuleSet {
    try RuleSet([RuleFile(name: "test.conf", text: Array(text.utf8))]) { name in
      name == "words.data" ? Array("# comment\nalpha\n\n beta \n".utf8) : nil
    }
  }

  /// Whether a request with these parameters is refused, and the identifiers of what matched.
  private func run(
    _ rules: String, _ values: [(String, String)]
  ) throws -> (isRefused: Bool, ids: [Int]) {
    let set = try make(rules)
    guard var inspection = Inspection(set) else { fatalError("no memory") }
    for (name, value) in values {
      inspection.add(.queryArgument, name: name.utf8.span, value.utf8.span)
      inspection.add(.queryArgumentName, name: name.utf8.span, name.utf8.span)
    }
    let isRefused = inspection.run()
    return (isRefused, inspection.matches.map { set.identifier(of: $0.rule) })
  }

  @Test func `A rule looks at what it names and at nothing else`() throws {
    let rule = "SecRule ARGS:id|!ARGS:x \"@rx ^[0-9]+$\" \"id:1,deny,msg:'number'\""
    #expect(try run(rule, [("id", "12")]).isRefused)
    #expect(try run(rule, [("ID", "12")]).isRefused)
    #expect(try !run(rule, [("id", "a12")]).isRefused)
    #expect(try !run(rule, [("other", "12")]).isRefused)
    let but = "SecRule ARGS|!ARGS:/^sess/ \"@contains a\" \"id:1,deny\""
    #expect(try run(but, [("q", "bar")]).isRefused)
    #expect(try !run(but, [("session", "bar")]).isRefused)
  }

  @Test func `Lines go on behind a backslash, and quotes guard`() throws {
    let rule = "# comment\nSecRule ARGS \\\n  \"@rx say \\\"hi\\\"\" \\\n  \"id:7,deny,msg:'a, b'\""
    #expect(try run(rule, [("q", "say \"hi\"")]) == (true, [7]))
    #expect(try !run(rule, [("q", "say hi")]).isRefused)
  }

  @Test func `A chain needs all of its rules`() throws {
    let rule = """
      SecRule ARGS:a "@streq 1" "id:1,deny,msg:'both',chain"
      SecRule ARGS:b "@streq 2" "setvar:tx.n=1"
      """
    #expect(try run(rule, [("a", "1"), ("b", "2")]).isRefused)
    #expect(try !run(rule, [("a", "1"), ("b", "3")]).isRefused)
    #expect(try !run(rule, [("a", "2"), ("b", "2")]).isRefused)
  }

  @Test func `Scores add up, and groups are kept`() throws {
    let rules = """
      SecAction "id:1,phase:1,pass,nolog,setvar:tx.limit=10,setvar:tx.five=5"
      SecRule ARGS "@rx (a+)b" "id:2,pass,capture,msg:'%{tx.1}',setvar:tx.score=+%{tx.five},\
      setvar:tx.seen_%{tx.1}=1"
      SecRule TX:score "@ge %{tx.limit}" "id:3,deny,msg:'sum',chain"
      SecRule &TX:/^seen_/ "@eq 2"
      """
    #expect(try run(rules, [("x", "aab"), ("y", "ab")]).isRefused)
    #expect(try !run(rules, [("x", "aab")]).isRefused)
    #expect(try !run(rules, [("x", "ab"), ("y", "ab")]).isRefused)
  }

  @Test func `Markers, skips and removals change the way`() throws {
    let deny = "SecRule ARGS \"@contains a\" \"id:5,deny,tag:'t',msg:'m'\"\n"
    #expect(
      try !run("SecAction \"id:1,pass,skipAfter:END\"\n\(deny)SecMarker END", [("q", "a")])
        .isRefused)
    #expect(try !run("SecAction \"id:1,pass,skip:1\"\n\(deny)", [("q", "a")]).isRefused)
    #expect(try !run("\(deny)SecRuleRemoveById 1-9", [("q", "a")]).isRefused)
    #expect(try !run("\(deny)SecRuleRemoveByTag t", [("q", "a")]).isRefused)
    #expect(try !run("\(deny)SecRuleUpdateTargetById 5 \"!ARGS:q\"", [("q", "a")]).isRefused)
    #expect(try run("\(deny)SecRuleUpdateTargetById 5 \"!ARGS:p\"", [("q", "a")]).isRefused)
    for control in [
      "ruleRemoveById=5", "ruleRemoveByTag=t", "ruleRemoveTargetById=5;ARGS:q",
      "ruleRemoveTargetByTag=t;ARGS", "ruleEngine=Off",
    ] {
      let rules = "SecAction \"id:1,phase:1,pass,nolog,ctl:\(control)\"\n\(deny)"
      #expect(try !run(rules, [("q", "a")]).isRefused, "\(control)")
    }
  }

  @Test func `Operators hold as they are documented`() throws {
    let cases: [(String, String, Bool)] = [
      ("@pm one two", "it is TWO", true), ("@pm one two", "three", false),
      ("@pmFromFile words.data", "the Beta", true), ("@pmFromFile words.data", "gamma", false),
      ("@streq a", "A", false), ("@beginsWith ab", "abc", true), ("@endsWith bc", "abc", true),
      ("@within get post", "post", true), ("@within get post", "put", false),
      ("!@within get post", "put", true), ("@eq 3", "3", true), ("@gt 3", "3", false),
      ("@le 3", "x", true), ("@validateByteRange 32-126", "a\u{1}", true),
      ("@validateByteRange 32-126", "ab", false), ("@validateUrlEncoding", "%zz", true),
      ("@validateUrlEncoding", "%20", false), ("@containsWord cat", "a cat sat", true),
      ("@containsWord cat", "concat", false), ("@unconditionalMatch", "", true),
      ("@rx (?!a)b|c(?=d)", "cd", true), ("@rx (a)\\1", "aa", true), ("@rx (a)\\1", "ab", false),
      ("^a$", "x\na\ny", true),
    ]
    for (operation, text, holds) in cases {
      let rule = "SecRule ARGS \"\(operation)\" \"id:1,deny\""
      #expect(try run(rule, [("q", text)]).isRefused == holds, "\(operation) of \(text)")
    }
  }

  @Test func `A text made to be slow counts as a match`() throws {
    let rule = "SecRule ARGS \"@rx ^(?=(a+)+$)(a|aa)+\\1$\" \"id:1,deny\""
    #expect(try run(rule, [("q", String(repeating: "a", count: 4000) + "!")]).isRefused)
  }

  @Test func `What cannot be read names file, line and reason`() {
    let cases = [
      ("SecRule ARGS \"@rx (\" \"id:1\"", 1), ("\nSecNothing on", 2), ("SecRule ARGS \"a\"", 1),
      ("SecRule ARGS \"@what a\" \"id:1\"", 1), ("SecRule WHAT \"a\" \"id:1\"", 1),
      ("SecRule ARGS \"a\" \"id:1,t:what\"", 1), ("SecRule ARGS \"a\" \"id:1,what\"", 1),
      ("SecRule ARGS \"a", 1), ("SecRule ARGS \"@pmFromFile no.data\" \"id:1\"", 1),
    ]
    for (text, line) in cases {
      #expect("\(text)") {
        _ = try make(text)
      } throws: { error in
        guard let fault = error as? RuleFault else { return false }
        return fault.file == "test.conf" && fault.line == line && !fault.reason.isEmpty
      }
    }
  }
}
