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

  private static let guarded = """
    openapi: 3.1.0
    servers: [{ url: /v1 }]
    paths:
      /keyed: { get: { security: [{ key: [] }] } }
      /token: { get: { security: [{ token: [write] }] } }
      /either: { get: { security: [{ key: [] }, { token: [] }] } }
      /both: { get: { security: [{ key: [], token: [] }] } }
      /basic: { get: { security: [{ basic: [] }] } }
      /open: { get: { security: [{}] } }
    components:
      securitySchemes:
        key: { type: apiKey, in: header, name: x-api-key }
        token: { type: http, scheme: bearer }
        basic: { type: http, scheme: Basic }
    """

  private func guardedProblem(
    _ path: String, _ shown: CredentialKinds, ways: Set<String>, scopes: Set<String> = []
  ) -> Problem? {
    let (policy, report) = PolicyBench.make(
      OpenAPIPolicy.self, "{ document: a.yaml }",
      files: ["a.yaml": OpenAPIPolicyTests.guarded],
      companions: ways.union(["any-of", "openapi"]))
    // Who checks all of the description's schemes is warned of none.
    #expect(report.isEmpty == ways.isSuperset(of: ["api-key", "jwt", "ldap"]))
    let exchange = PolicyBench.exchange()
    exchange.request.methodText = exchange.request.fields.store("GET")
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    exchange.shown = shown
    if !shown.isEmpty {
      exchange.consumer = Consumer(
        index: -1, name: "carol", roles: [], groups: [], isDisabled: false, scopes: scopes)
    }
    return PolicyBench.problem(policy.review(exchange))
  }

  // BOLA's neighbour: a way in that is good for one operation is not good for all of them.
  @Test func `What one of several ways has proved is held against what an operation asks for`() {
    let ways: Set<String> = ["api-key", "jwt", "ldap"]
    func problem(_ path: String, _ shown: CredentialKinds, _ scopes: Set<String> = []) -> Problem? {
      guardedProblem("/v1/" + path, shown, ways: ways, scopes: scopes)
    }
    #expect(problem("keyed", .key) == nil)
    #expect(problem("keyed", .token) == .accessDenied)
    #expect(problem("token", .token, ["write"]) == nil)
    #expect(problem("token", .token) == .accessDenied)
    // The scopes of a key are no token's.
    #expect(problem("token", .key, ["write"]) == .accessDenied)
    #expect(problem("either", .key) == nil)
    #expect(problem("either", .token) == nil)
    #expect(problem("either", .password) == .accessDenied)
    #expect(problem("both", .key) == .accessDenied)
    #expect(problem("both", [.key, .token]) == nil)
    #expect(problem("basic", .password) == nil)
    #expect(problem("basic", .key) == .accessDenied)
    #expect(problem("open", []) == nil)
    #expect(problem("keyed", []) == .credentialsRequired)
  }

  @Test func `Schemes that no policy checks need a caller that some policy knows`() {
    #expect(guardedProblem("/v1/basic", .key, ways: ["api-key"]) == nil)
    #expect(guardedProblem("/v1/basic", [], ways: ["api-key"]) == .credentialsRequired)
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
