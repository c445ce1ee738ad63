import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct JSONSchemaPolicyTests {
  private static let schema = """
    {"type":"object","required":["id"],"properties":{"id":{"type":"integer","minimum":1},
    "address":{"$ref":"https://example.com/address"}},"additionalProperties":false}
    """
  private static let address =
    "$id: https://example.com/address\ntype: object\nrequired: [street]"

  private func make(_ more: String = "") -> (policy: JSONSchemaPolicy, report: String) {
    PolicyBench.make(
      JSONSchemaPolicy.self, "{ schema: a.json, references: [b.yaml]\(more) }",
      files: [
        "a.json": JSONSchemaPolicyTests.schema, "b.yaml": JSONSchemaPolicyTests.address,
        "odd.json": "{\n \"properties\": {\"a\": {\"type\": \"text\"}}\n}",
        "far.json": "{\"$ref\":\"https://example.com/none\"}",
      ])
  }

  private func exchange(
    _ type: String? = "application/json", method: Method = .post, count: Int = 2,
    more: [(String, String)] = [], at milliseconds: UInt64 = 1_000_000
  ) -> BenchExchange {
    let exchange = PolicyBench.exchange(
      (type.map { [("content-type", $0)] } ?? []) + more, method: method,
      atMilliseconds: milliseconds)
    exchange.request.framing = count > 0 ? .length(count) : .none
    return exchange
  }

  @Test func `Settings are the schema's file and those that it refers to`() {
    #expect(make().report == "")
    let odd = PolicyBench.make(
      JSONSchemaPolicy.self, "{ schema: odd.json }",
      files: ["odd.json": "{\n \"properties\": {\"a\": {\"type\": \"text\"}}\n}"])
    #expect(odd.report.contains("'odd.json':2:"))
    #expect(odd.report.contains("/properties/a"))
    let far = PolicyBench.make(
      JSONSchemaPolicy.self, "{ schema: a.json }", files: ["a.json": JSONSchemaPolicyTests.schema])
    #expect(far.report.contains("'https://example.com/address', which was not given"))
    let none = PolicyBench.make(JSONSchemaPolicy.self, "{ file: a.json }")
    #expect(none.report.contains("'schema' is missing"))
    #expect(none.report.contains("unknown key 'file'"))
  }

  @Test func `Without a schema all is refused`() {
    let policy = PolicyBench.make(JSONSchemaPolicy.self, "{ schema: none.json }").policy
    #expect(PolicyBench.problem(policy.review(exchange())) == .internalError)
  }

  @Test(arguments: [
    ("{\"id\":1}", ""), ("{\"id\":1,\"address\":{\"street\":\"x\"}}", ""),
    ("{\"id\":0}", "body /id minimum: expected at least 1, found number"),
    ("{}", "body required: expected member 'id', found object"),
    ("{\"id\":1,\"isAdmin\":true}", "body /isAdmin additionalProperties"),
    ("{\"id\":1,\"address\":{}}", "body /address required"),
    ("{\"id\":1,\"id\":2}", "body syntax: expected JSON, found a name that its object has already"),
    ("{\"id\":1}x", "more text behind the value"), ("", "syntax"),
  ])
  func `Content is held against the schema, and the place of a fault is told`(
    content: String, detail: String
  ) {
    let policy = make().policy
    let exchange = exchange()
    #expect(PolicyBench.problem(policy.review(exchange)) == nil)
    let problem = PolicyBench.problem(exchange.inspected(content, by: policy))
    #expect(problem == (detail.isEmpty ? nil : .validationFailed))
    #expect(exchange.detail.contains(detail))
    #expect(exchange.problemErrors.isEmpty == detail.isEmpty)
  }

  @Test(arguments: [
    ("application/json", true), ("application/problem+json; charset=UTF-8", true),
    ("application/json;charset=\"utf-8\"", true), ("application/json; charset=utf-7", false),
    ("application/json; charset=utf-16", false),
    ("application/json; charset=utf-8; charset=utf-7", false),
    ("text/plain", false), ("application/json, text/plain", false), ("application/jsonx", false),
    ("multipart/form-data; boundary=x", false), ("application/json; charset", false),
  ])
  func `Only what is declared as JSON in UTF-8 is JSON`(type: String, isTaken: Bool) {
    let problem = PolicyBench.problem(make().policy.review(exchange(type)))
    #expect(problem == (isTaken ? nil : .unsupportedMediaType))
  }

  @Test func `A type that is missing, twice or encoded is refused`() {
    let policy = make().policy
    let cases = [
      exchange(nil), exchange(more: [("content-type", "application/json")]),
      exchange(more: [("content-encoding", "gzip")]),
    ]
    for exchange in cases {
      #expect(PolicyBench.problem(policy.review(exchange)) == .unsupportedMediaType)
    }
  }

  @Test func `Methods that bring content must have some`() {
    let policy = make().policy
    #expect(PolicyBench.problem(policy.review(exchange(count: 0))) == .validationFailed)
    #expect(PolicyBench.problem(policy.review(exchange(nil, method: .get, count: 0))) == nil)
    let odd = exchange(method: .delete)
    #expect(PolicyBench.problem(policy.review(odd)) == nil)
    #expect(PolicyBench.problem(odd.inspected("[]", by: policy)) == .validationFailed)
  }

  @Test func `A share of the requests is looked at, and reported on`() {
    let policy = make(", mode: sample, sample-rate: 25%").policy
    var found = 0
    for number in 0..<1000 {
      let exchange = exchange(at: 1_000_000 + UInt64(number) * 7)
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(PolicyBench.problem(exchange.inspected("[]", by: policy)) == nil)
      if !exchange.detail.isEmpty { found += 1 }
    }
    #expect((150...350).contains(found))
    #expect(make(", sample-rate: 25%").report.contains("'sample-rate' without 'mode: sample'"))
  }
}
