import HTTP
import PolicyKit
import Testing

@testable import Policies

/// Texts that are repaired where the configuration asks for it.
@Suite struct SanitizingTests {
  private func make(_ sanitize: String, schema: String = "{}") -> (JSONSchemaPolicy, String) {
    let made = PolicyBench.make(
      JSONSchemaPolicy.self, "{ schema: a.json\(sanitize) }", files: ["a.json": schema])
    return (made.policy, made.report)
  }

  /// What goes on for a content, and what is logged; nil where it is refused.
  private func repaired(
    _ content: String, _ sanitize: String, schema: String = "{}"
  ) -> (content: String?, detail: String)? {
    let (policy, report) = make(", sanitize: { \(sanitize) }", schema: schema)
    #expect(report == "")
    let exchange = PolicyBench.exchange([("content-type", "application/json")], method: .post)
    exchange.request.framing = .length(content.utf8.count)
    guard PolicyBench.problem(exchange.inspected(content, by: policy)) == nil else { return nil }
    return (exchange.newContent.map { String(decoding: $0, as: UTF8.self) }, exchange.detail)
  }

  @Test func `Nothing is repaired unless that is asked for`() {
    #expect(PolicyBench.problem(PolicyBench.exchange().inspected("x", by: make("").0)) == nil)
    let found = repaired(#"{ "a": " <b> " }"#, "")
    #expect(found?.content == nil)
    #expect(found?.detail == "")
  }

  @Test(
    arguments: [
      ("  x ", "x"), ("\\t\u{A0}x\u{3000}\\n", "x"), ("x", nil), ("", nil), ("   ", ""),
      ("x y", nil), ("\u{200B}x", nil),
    ] as [(String, String?)])
  func `White space at both ends goes`(text: String, wanted: String?) {
    let found = repaired("{\"a\":\"\(text)\"}", "trim: all")
    #expect(found?.content == wanted.map { "{\"a\":\"\($0)\"}" })
  }

  @Test(
    arguments: [
      ("e\u{301}", "\u{E9}"), ("\\u0065\\u0301", "\u{E9}"), ("\u{212B}", "\u{C5}"),
      ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"), ("a\u{327}\u{30A}", "\u{E5}\u{327}"),
      ("\u{E9}", nil), ("\u{FB01}", nil), ("plain", nil), ("\u{2126}", "\u{3A9}"),
      ("\u{1F600}", nil), ("\u{344}", "\\u0308"),
    ] as [(String, String?)])
  func `Characters are composed`(text: String, wanted: String?) {
    let found = repaired("[\"\(text)\"]", "nfc: all")?.content
    if wanted == "\\u0308" {
      #expect(
        found.map { Array($0.unicodeScalars) } == Array("[\"\u{308}\u{301}\"]".unicodeScalars))
    } else {
      #expect(found.map { Array($0.utf8) } == wanted.map { Array("[\"\($0)\"]".utf8) })
    }
  }

  @Test func `What means something to HTML becomes references, in the fields that are named`() {
    let content = #"{"note":"<b a='1'>&","items":[{"note":"\u003ci>","id":"<"}],"<":"x"}"#
    let note = "&lt;b a=&#39;1&#39;&gt;&amp;"
    #expect(
      repaired(content, "escape-html: [/note, /items/*/note]")?.content
        == #"{"note":"\#(note)","items":[{"note":"&lt;i&gt;","id":"<"}],"<":"x"}"#)
    #expect(
      repaired(content, "escape-html: [/items/0/id, /*]")?.detail
        == "sanitized /note escape-html, /items/0/id escape-html")
    #expect(repaired(content, "escape-html: [/items, /items/1/id, /note/x]")?.content == nil)
  }

  @Test func `Repairs are made in one order, and told without a value`() {
    let found = repaired(
      #"{"a":" <e\#u{301}> ","b":" y","c":1}"#, "trim: all, nfc: all, escape-html: /a")
    #expect(found?.content == "{\"a\":\"&lt;\u{E9}&gt;\",\"b\":\"y\",\"c\":1}")
    #expect(found?.detail == "sanitized /a trim nfc escape-html, /b trim")
    let many = "[" + (0..<20).map { _ in "\" x\"" }.joined(separator: ",") + "]"
    #expect(repaired(many, "trim: all")?.detail.hasSuffix("/7 trim, 12 more") == true)
  }

  @Test func `The schema is held against what goes on`() {
    let schema = #"{"properties":{"a":{"maxLength":4,"pattern":"^[^ ]*$"}}}"#
    #expect(
      repaired(#"{"a":"  abcd  "}"#, "trim: all", schema: schema)?.content == #"{"a":"abcd"}"#)
    #expect(repaired(#"{"a":"a<b"}"#, "escape-html: /a", schema: schema) == nil)
    #expect(repaired(#"{"a":" a b "}"#, "trim: all", schema: schema) == nil)
    #expect(repaired(#"{"a":"x","a":" y"}"#, "trim: all") == nil)
  }

  @Test func `A report changes nothing`() {
    let (policy, _) = make(", mode: report, sanitize: { trim: all }")
    let exchange = PolicyBench.exchange([("content-type", "application/json")], method: .post)
    exchange.request.framing = .length(6)
    #expect(PolicyBench.problem(exchange.inspected("[\" x\"]", by: policy)) == nil)
    #expect(exchange.newContent == nil)
    #expect(exchange.detail == "")
  }

  @Test func `Places that are none are errors`() {
    #expect(make(", sanitize: { trim: name }").1.contains("all, or up to 64 places such as"))
    #expect(make(", sanitize: { trim: '' }").1.contains("all, or up to 64 places such as"))
    #expect(make(", sanitize: { trimm: all }").1.contains("did you mean 'trim'?"))
    let places = { (count: Int) in (0..<count).map { "/a\($0)" }.joined(separator: ", ") }
    #expect(make(", sanitize: { trim: [\(places(64))] }").1 == "")
    #expect(make(", sanitize: { trim: [\(places(65))] }").1.contains("'/a64'"))
  }

  @Test func `Descriptions repair what they call JSON, before and with what they leave out`() {
    let description = """
      openapi: 3.1.0
      paths:
        /a: { post: { requestBody: { content: { text/plain: {},
          application/json: { schema: { properties: { a: { maxLength: 1 } } } } } } } }
      """
    let policy = PolicyBench.make(
      OpenAPIPolicy.self,
      "{ document: a.yaml, unknown: { property: strip }, sanitize: { trim: all } }",
      files: ["a.yaml": description]
    ).policy
    func outcome(_ body: String, _ type: String = "application/json") -> BenchExchange {
      let exchange = PolicyBench.exchange([("content-type", type)], method: .post)
      exchange.request.methodText = exchange.request.fields.store("POST")
      exchange.request.path = exchange.request.fields.store("/a")
      exchange.request.framing = .length(body.utf8.count)
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(PolicyBench.problem(exchange.inspected(body, by: policy)) == nil)
      return exchange
    }
    let both = outcome(#"{"a":" x ","b":" y"}"#)
    #expect(both.newContent == Array(#"{"a":"x"}"#.utf8))
    #expect(both.detail.contains("sanitized /a trim, /b trim"))
    #expect(both.detail.contains("body /b additionalProperties"))
    #expect(outcome(#"{"a":"x "}"#).newContent == Array(#"{"a":"x"}"#.utf8))
    #expect(outcome(#" x "#, "text/plain").newContent == nil)
  }
}
