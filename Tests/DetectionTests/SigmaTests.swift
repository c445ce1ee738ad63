import Base
import Blueprint
import Telemetry
import Testing

@testable import Detection

/// Sigma rules over events.
@Suite struct SigmaTests {
  private func rule(_ detection: String, level: String = "high") throws -> SigmaRule {
    let lines = detection.split(separator: "\n", omittingEmptySubsequences: false)
    let text =
      "title: A rule\nid: 1\nlevel: \(level)\nlogsource: { category: webserver }\ndetection:\n"
      + lines.map { "  " + $0 }.joined(separator: "\n")
    return try SigmaReader.rule(Array(text.utf8), file: "rule.yml")
  }

  private func fault(_ detection: String) -> String? {
    do {
      _ = try rule(detection)
      return nil
    } catch {
      return (error as? SigmaFault)?.message
    }
  }

  private func holds(
    _ rule: SigmaRule, path: String = "/", agent: String = "curl/8", status: Int = 200
  ) -> Bool {
    var blocks = ReplayBlocks()
    var event = ReplayEvent(
      time: Replay.start, address: IPAddress("192.0.2.7") ?? .unspecified, path: path,
      service: "shop", agent: agent)
    event.status = status
    _ = blocks.add(event)
    var result = false
    blocks.flush()?.forEach { event in result = rule.matches(event) }
    return result
  }

  @Test func `Selections, lists, modifiers and conditions mean what Sigma says`() throws {
    let rule = try rule(
      """
      selection:
        cs-uri-stem|contains: [/.git/, '/backup*.zip']
        sc-status: [200, 403]
      tools:
        - c-useragent|startswith: sqlmap
        - { c-useragent|endswith: nikto, cs-method: get }
      filter:
        c-ip|cidr: 10.0.0.0/8
      condition: (selection or 1 of tool*) and not filter
      """)
    #expect(rule.severity == .high)
    #expect(holds(rule, path: "/x/.GIT/config"))
    #expect(holds(rule, path: "/backup-2024.zip", status: 403))
    #expect(!holds(rule, path: "/x/.git/config", status: 404))
    #expect(holds(rule, agent: "SQLMap/1.8") && holds(rule, agent: "x nikto"))
    #expect(!holds(rule, agent: "a sqlmap"))
  }

  @Test func `Values may be all, cased, compared, empty and with wildcards`() throws {
    #expect(
      holds(
        try rule("a: { cs-uri-stem|contains|all: [one, two] }\ncondition: a"), path: "/two/one"))
    #expect(
      !holds(try rule("a: { cs-uri-stem|contains|all: [one, two] }\ncondition: a"), path: "/one"))
    #expect(!holds(try rule("a: { path|contains|cased: ONE }\ncondition: a"), path: "/one"))
    #expect(holds(try rule("a: { sc-status|gte: 500 }\ncondition: a"), status: 503))
    #expect(!holds(try rule("a: { sc-status|gt: 503 }\ncondition: a"), status: 503))
    #expect(holds(try rule("a: { cs-referer: null }\ncondition: a")))
    #expect(!holds(try rule("a: { cs-referer|exists: true }\ncondition: a")))
    #expect(holds(try rule("a: { path: '/a?c*z' }\ncondition: a"), path: "/abc/xyz"))
    #expect(holds(try rule("a: { path: '/a\\?' }\ncondition: a"), path: "/a?"))
    #expect(!holds(try rule("a: { path: '/a\\*' }\ncondition: a"), path: "/ab"))
    #expect(
      holds(try rule("a: { path: /x }\nb: { status: 200 }\ncondition: all of them"), path: "/x"))
    #expect(holds(try rule("a: { path: /x }\ncondition: not a"), path: "/y"))
  }

  @Test(arguments: [
    ("a: { odd: 1 }\ncondition: a", "the field 'odd'"),
    ("a: { path|re: x }\ncondition: a", "'re' is not supported"),
    ("a: [word]\ncondition: a", "key words"),
    ("a: { path: x }\ncondition: b", "'b', which is not in"),
    ("a: { path: x }\ncondition: a and", "ends too early"),
    ("a: { path: x }\ncondition: ( a", "not closed"),
    ("a: { path: x }\ncondition: a a", "wrong place"),
    ("a: { path: x }\ncondition: 1 of b*", "'b*', which is not in"),
    ("a: { path: x }", "no 'condition'"),
    ("a: { path: x }\ntimeframe: 1m\ncondition: a", "'timeframe' is not supported"),
    ("a: { c-ip|cidr: 10.0.0.1/8 }\ncondition: a", "no block"),
    ("a: { status|gt: x }\ncondition: a", "no number"),
    ("a: { path|contains|endswith: x }\ncondition: a", "do not go together"),
  ]) func `What a rule needs and is not there is refused`(_ text: String, _ expected: String) {
    #expect(fault(text)?.contains(expected) == true, "\(fault(text) ?? "taken")")
  }

  /// DOS-02: no pattern makes a match take long.
  @Test func `Wildcards take time by the product of the lengths at most`() {
    let glob = SigmaGlob(String(repeating: "*a", count: 200) + "b", isCased: false)
    let text = [UInt8](repeating: 0x61, count: 1024)
    let time = ContinuousClock().measure {
      for _ in 0..<20 { if glob.matches(text.span) { Issue.record("it matches") } }
    }
    #expect(time < .seconds(5))
    #expect(fault("a: { path: x }\ncondition: \(String(repeating: "not ", count: 100))a") != nil)
  }

  @Test func `A rule that holds is an alert with the rule's title and level`() throws {
    let bin = AlertBin()
    let engine = DetectionEngine(
      Replay.settings(), seed: 1,
      files: DetectionFiles(rules: [
        try rule("a: { path|startswith: /admin }\ncondition: a", level: "critical")
      ]), machine: { .max }, tell: { bin.add($0) })
    var blocks = ReplayBlocks()
    for path in ["/x", "/admin/a", "/admin/b"] {
      _ = blocks.add(
        ReplayEvent(
          time: Replay.start, address: IPAddress(v4: 9), path: path, service: "shop", agent: "a"))
    }
    if let block = blocks.flush() { engine.receive(block) }
    #expect(bin.all.map(\.title) == ["A rule"])
    #expect(bin.all.first?.severity == .critical)
    #expect(engine.book.all.first?.count == 2)
  }
}
