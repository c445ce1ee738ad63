import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct GraphQLPolicyTests {
  private func make(_ yaml: String = "{}", files: [String: String] = [:]) -> GraphQLPolicy {
    PolicyBench.make(GraphQLPolicy.self, yaml, files: files).policy
  }

  private func exchange(
    _ method: Method, query: String = "", type: String? = "application/json", content: Bool = true
  ) -> BenchExchange {
    let exchange = PolicyBench.exchange(
      type.map { [("content-type", $0)] } ?? [], method: method)
    exchange.request.query = exchange.request.fields.store(query.utf8.span)
    exchange.request.framing = content ? .length(2) : .none
    return exchange
  }

  private func problem(
    _ policy: GraphQLPolicy, _ method: Method, query: String = "", type: String? = nil,
    content: Bool = false
  ) -> Problem? {
    PolicyBench.problem(
      policy.review(exchange(method, query: query, type: type, content: content)))
  }

  @Test func `A document in the URL is looked at`() {
    let policy = make()
    #expect(problem(policy, .get, query: "query=%7Ba%7D") == nil)
    #expect(problem(policy, .get, query: "query={a+b}&variables=%7B%7D&nonce=1") == nil)
    for query in [
      "", "query=mutation{a}", "query={__schema{a}}", "query={a}&query={__schema{a}}",
      "%71uery={__schema{a}}", "query=%ff", "query={a}&variables=1",
    ] {
      #expect(problem(policy, .get, query: query) == .validationFailed, "\(query)")
    }
    #expect(problem(policy, .get, query: "query={a}", content: true) == .validationFailed)
  }

  // Servers may take a document in the URL before the one in the content.
  @Test func `A document is in one place`() {
    #expect(
      problem(make(), .post, query: "query={__schema{a}}", type: "application/json", content: true)
        == .validationFailed)
    #expect(
      problem(make(), .post, query: "nonce=1", type: "application/json", content: true) == nil)
  }

  @Test(arguments: [
    "text/plain", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded",
    "application/graphql", "application/jsonp", nil,
  ])
  func `Content is JSON by its type`(type: String?) {
    #expect(problem(make(), .post, type: type, content: true) == .unsupportedMediaType)
  }

  @Test func `Types are told without regard to case and parameters`() {
    #expect(problem(make(), .post, type: "Application/JSON; charset=utf-8", content: true) == nil)
  }

  @Test func `Other methods are refused`() {
    #expect(problem(make(), .put, type: "application/json", content: true) == .methodNotAllowed)
    #expect(problem(make(), .delete) == .methodNotAllowed)
  }

  @Test func `Limits are those of the settings, and refusals name the rule`() {
    let policy = make("{ limits: { depth: 2, introspection: true } }")
    let exchange = exchange(.post)
    #expect(
      PolicyBench.problem(exchange.inspected(#"{"query":"{a{b}}"}"#, by: policy)) == nil)
    #expect(
      PolicyBench.problem(exchange.inspected(#"{"query":"{a{b{c}}}"}"#, by: policy))
        == .validationFailed)
    #expect(exchange.problemErrors.contains(#""rule":"depth","expected":"at most 2","found":"3""#))
    #expect(exchange.detail.contains("depth: expected at most 2"))
    #expect(
      PolicyBench.problem(exchange.inspected(#"{"query":"{__schema{a}}"}"#, by: policy)) == nil)
    let reporting = make("{ limits: { depth: 2 }, mode: report }")
    #expect(
      PolicyBench.problem(exchange.inspected(#"{"query":"{a{b{c}}}"}"#, by: reporting)) == nil)
  }

  @Test func `A hash stands for a listed document, and for nothing else`() {
    // The SHA-256 of {a}.
    let hash = "460c3a93211614ac783c0f1d1bbbcb45a6da87d6421b5c0771772588f1015ff8"
    func body(_ hash: String, _ query: String = "", version: Int = 1) -> String {
      #"{\#(query)"extensions":{"persistedQuery":{"version":\#(version),"sha256Hash":"\#(hash)"}}}"#
    }
    let listed = make("{ documents: list.json }", files: ["list.json": #"{"1":"{a}"}"#])
    let open = make()
    let exchange = exchange(.post)
    func passes(_ policy: GraphQLPolicy, _ body: String) -> Bool {
      PolicyBench.problem(exchange.inspected(body, by: policy)) == nil
    }
    let other = String(repeating: "0", count: 64)
    #expect(passes(listed, body(hash)))
    #expect(passes(listed, body(hash, #""query":"{a}","#)))
    #expect(!passes(listed, body(other)))
    #expect(!passes(listed, body(other, #""query":"{a}","#)))
    #expect(!passes(listed, body(hash.uppercased())))
    #expect(!passes(listed, body(hash, version: 2)))
    #expect(!passes(listed, body(hash, #""query":null,"#)))
    // What is behind the hash is held against the limits too.
    let deep = make(
      "{ documents: list.json, limits: { fields: 1 } }",
      files: ["list.json": #"{"1":"{a}","2":"{a b}"}"#])
    #expect(passes(deep, body(hash)))
    // Without a list a hash is no document, and one beside a document must be its own.
    #expect(!passes(open, body(hash)))
    #expect(passes(open, body(hash, #""query":"{a}","#)))
    #expect(!passes(open, body(other, #""query":"{a}","#)))
    let url =
      "extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22\(hash)%22%7D%7D"
    #expect(problem(listed, .get, query: url) == nil)
    #expect(problem(open, .get, query: url) == .validationFailed)
  }

  @Test func `Only documents that are listed pass, where they are`() {
    let policy = make("{ documents: list.json }", files: ["list.json": #"{"1":"{a}"}"#])
    let exchange = exchange(.post)
    #expect(PolicyBench.problem(exchange.inspected(#"{"query":"{a}"}"#, by: policy)) == nil)
    #expect(
      PolicyBench.problem(exchange.inspected(#"{"query":"{ a }"}"#, by: policy))
        == .validationFailed)
    #expect(problem(policy, .get, query: "query={a}") == nil)
    #expect(problem(policy, .get, query: "query={b}") == .validationFailed)
    let missing = PolicyBench.make(GraphQLPolicy.self, "{ documents: none.json }")
    #expect(missing.report.contains("'none.json' does not exist"))
    #expect(problem(missing.policy, .get, query: "query={a}") == .validationFailed)
  }
}
