import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct OpenAPIPolicyTests {
  /// One address described twice, as sloppy descriptions do.
  private static let description = """
    openapi: 3.1.0
    servers: [{ url: /v1 }]
    paths:
      /a:
        post:
          parameters: [{ name: mode, in: query, required: true, schema: { const: one } }]
          requestBody:
            content: { application/json: { schema: { required: [one] } } }
      '/a#two':
        post:
          parameters: [{ name: mode, in: query, schema: { const: two } }]
          requestBody:
            content: { application/json: { schema: { required: [two] } } }
    """

  private func make(_ more: String = "") -> (policy: OpenAPIPolicy, report: String) {
    PolicyBench.make(
      OpenAPIPolicy.self, "{ document: a.yaml\(more) }",
      files: ["a.yaml": OpenAPIPolicyTests.description, "odd.yaml": "openapi: 3.0.0\npaths: 1"])
  }

  private func exchange(_ path: String, query: String = "") -> BenchExchange {
    let exchange = PolicyBench.exchange([("content-type", "application/json")], method: .post)
    exchange.request.methodText = exchange.request.fields.store("POST")
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    exchange.request.query = exchange.request.fields.store(query.utf8.span)
    exchange.request.framing = .length(2)
    return exchange
  }

  @Test func `What is wrong with the description is told with its place`() {
    #expect(make().report.contains("'a.yaml':10:5: '/a#two' matches the same paths as another"))
    let missing = PolicyBench.make(OpenAPIPolicy.self, "{ document: b.yaml }")
    #expect(missing.report.contains("'b.yaml' does not exist"))
    let odd = PolicyBench.make(
      OpenAPIPolicy.self, "{ document: a.yaml, mode: blok }", files: ["a.yaml": "swagger: '1.2'"])
    #expect(odd.report.contains("'a.yaml':1:10: a version of Swagger other than 2.0"))
    #expect(odd.report.contains("'mode' is 'blok', did you mean 'block'?"))
  }

  // Fail closed: a policy that could not be made lets nothing through.
  @Test func `Without a description all is refused`() {
    let policy = PolicyBench.make(OpenAPIPolicy.self, "{ document: b.yaml }").policy
    #expect(PolicyBench.problem(policy.review(exchange("/v1/a"))) == .internalError)
  }

  @Test func `Each of two operations at one address has its own query and content`() {
    let policy = make().policy
    for (mode, other) in [("one", "two"), ("two", "one")] {
      let exchange = exchange("/v1/a", query: "mode=\(mode)")
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(PolicyBench.problem(exchange.inspected("{\"\(mode)\":1}", by: policy)) == nil)
      #expect(
        PolicyBench.problem(exchange.inspected("{\"\(other)\":1}", by: policy))
          == .validationFailed)
    }
    #expect(
      PolicyBench.problem(policy.review(exchange("/v1/a", query: "mode=three")))
        == .validationFailed)
  }

  @Test func `The path before the description's can be set`() {
    #expect(PolicyBench.problem(make().policy.review(exchange("/a"))) == .notFound)
    let policy = make(", base-path: /").policy
    #expect(PolicyBench.problem(policy.review(exchange("/a", query: "mode=one"))) == nil)
    #expect(PolicyBench.problem(policy.review(exchange("/v1/a"))) == .notFound)
  }

  @Test(arguments: [(31, true), (32, true), (33, false)])
  func `JSON is read to the depth that is set`(depth: Int, isTaken: Bool) {
    let policy = make().policy
    let exchange = exchange("/v1/a", query: "mode=one")
    let inner = depth - 1
    let text =
      "{\"one\":" + String(repeating: "[", count: inner) + String(repeating: "]", count: inner)
      + "}"
    #expect((PolicyBench.problem(exchange.inspected(text, by: policy)) == nil) == isTaken)
  }

  @Test func `Terse errors are for clients, not for the log`() {
    let policy = make(", errors: terse").policy
    let exchange = exchange("/v1/a", query: "mode=three")
    _ = policy.review(exchange)
    #expect(exchange.problemErrors.isEmpty)
    #expect(exchange.detail.contains("query mode enum"))
    let reporting = make(", mode: report").policy
    #expect(PolicyBench.problem(reporting.review(exchange)) == nil)
  }
}
