import Formats
import GraphQL
import Testing

@Suite struct GraphQLCheckTests {
  /// The rule that a document breaks; nil if none.
  private func rule(
    _ query: String, variables: String? = nil, operationName: String? = nil, isSafe: Bool = false,
    _ change: (inout GraphQLCheck) -> Void = { _ in }
  ) -> String? {
    var check = GraphQLCheck()
    change(&check)
    do throws(GraphQLFault) {
      let request = try GraphQLRequest(
        query: query, operationName: operationName, variables: variables, check.limits)
      try check.check(request, isSafe: isSafe)
      return nil
    } catch {
      return error.rule
    }
  }

  private static func nested(_ depth: Int, _ name: String = "a") -> String {
    String(repeating: "{\(name)", count: depth) + String(repeating: "}", count: depth)
  }

  private static func fields(_ count: Int, _ text: (Int) -> String) -> String {
    "{" + (0..<count).map(text).joined(separator: " ") + "}"
  }

  /// Each limit on both its sides.
  // DOS-10.
  @Test(arguments: [
    ("depth", nested(10), nested(11)),
    ("fields", "{a" + fields(499) { "f\($0)" } + "}", "{a" + fields(500) { "f\($0)" } + "}"),
    ("root-fields", fields(20) { "f\($0)" }, fields(21) { "f\($0)" }),
    ("aliases", fields(15) { "x\($0): f" }, fields(16) { "x\($0): f" }),
    (
      "directives", "{a " + String(repeating: "@d ", count: 20) + "}",
      "{a " + String(repeating: "@d ", count: 21) + "}"
    ),
    (
      "list", "{a(x: [" + String(repeating: "1 ", count: 1000) + "])}",
      "{a(x: [" + String(repeating: "1 ", count: 1001) + "])}"
    ),
    (
      "value-depth",
      "{a(x: " + String(repeating: "[", count: 19) + "1"
        + String(repeating: "]", count: 19) + ")}",
      "{a(x: " + String(repeating: "[", count: 20) + "1" + String(repeating: "]", count: 20) + ")}"
    ),
    ("complexity", "{a(first: 9999) {b}}", "{a(first: 10000) {b}}"),
    ("complexity", "{a(first: 99) {b(last: 99) {c}}}", "{a(first: 100) {b(last: 100) {c}}}"),
    (
      "bytes", "{a}" + String(repeating: " ", count: 65_533),
      "{a}" + String(repeating: " ", count: 65_534)
    ),
    (
      "fragments", "{a}" + (0..<20).map { "fragment F\($0) on T{a}" }.joined(),
      "{a}" + (0..<21).map { "fragment F\($0) on T{a}" }.joined()
    ),
    (
      "operations", (0..<10).map { "query Q\($0){a}" }.joined(),
      (0..<11).map { "query Q\($0){a}" }.joined()
    ),
    ("tokens", fields(4998) { _ in "a" }, fields(4999) { _ in "a" }),
  ])
  func `What is just allowed passes and one more does not`(
    name: String, allowed: String, refused: String
  ) {
    let wide = { (check: inout GraphQLCheck) in
      if name == "tokens" {
        check.limits.fieldsMax = 10_000
        check.limits.rootFieldsMax = 10_000
      }
    }
    let operation = name == "operations" ? "Q0" : nil
    #expect(rule(allowed, operationName: operation, wide) == nil)
    #expect(rule(refused, operationName: operation, wide) == name)
  }

  @Test func `Fragments count wherever they are spread`() {
    let deep = "{a{...F}} fragment F on T " + GraphQLCheckTests.nested(10)
    #expect(rule(deep) == "depth")
    #expect(rule("{a{...F}} fragment F on T " + GraphQLCheckTests.nested(9)) == nil)
    let aliases = "{...F b{...F}} fragment F on T "
    #expect(rule(aliases + GraphQLCheckTests.fields(7) { "x\($0): f" }) == nil)
    #expect(rule(aliases + GraphQLCheckTests.fields(8) { "x\($0): f" }) == "aliases")
    let doubling = (0..<19).map { "fragment F\($0) on T{...F\($0 + 1) ...F\($0 + 1)}" }.joined()
    #expect(rule("{...F0}" + doubling + "fragment F19 on T{a}") == "fields")
  }

  // DOS-10.
  @Test(arguments: [
    "{...F} fragment F on T{...F}", "{a} fragment F on T{...G} fragment G on T{...F}", "{...F}",
    "{a} fragment F on T{a} fragment F on T{b}", "{a} fragment on on T{a}",
  ])
  func `Fragments that lead nowhere or to themselves are refused`(query: String) {
    #expect(["fragments", "syntax"].contains(rule(query)))
  }

  @Test(arguments: [
    "", "{", "{}", "{a", "{a}}", "query", "query Q", "query Q()", "{a(}", "{a()}", "{a(x)}",
    "{a(x:)}", "{a(x: 01)}", "{a(x: 1a)}", "{a(x: 1.)}", "{a(x: .5)}", "{a(x: 1e)}", "{a(x: -)}",
    "{a(x: \"b)}", "{a(x: \"\\q\")}", "{a(x: \"\\u12\")}", "{a(x: \"\"\"b)}", "{a @}", "{a..b}",
    "{... on}", "{a: }", "{a b: c: d}", "type T {a: A}", "{a?}", "{a(x: $)}",
    "query($a: B = $c){a}",
    "{a(x: \"\n\")}", "query Q($x Int) {a}", "subscription {a} {b}", "{a\u{0}}",
  ])
  func `What is no GraphQL is refused`(query: String) {
    #expect(["syntax", "operations"].contains(rule(query)))
  }

  @Test(arguments: [
    "{a}", "\u{FEFF}{a}", "{,a,,b,}", "# {\n{a # }\n}",
    "query Q($x: [Int!]! = [1] @d) @e {a(y: $x)}",
    #"{a(x: "\u00e9 \u{1F600} \"", y: """ "" \""" "x" """, z: {k: [E, null, -1.5e+3, true]})}"#,
    "{... on T {a} ... {b} ... @include(if: true) {c} ...F} fragment F on T {d}",
    "mutation M {a}", "subscription S {a}", "{query fragment on: mutation}",
  ])
  func `What is GraphQL is taken`(query: String) { #expect(rule(query) == nil) }

  @Test func `Arguments and members come once`() {
    #expect(rule("{a(x: 1, x: 2)}") == "arguments")
    #expect(rule("{a(x: {y: 1, y: 2})}") == "arguments")
    #expect(rule("query($a: A, $a: A){a}") == "variables")
  }

  @Test func `Questions about the schema are refused unless they are allowed`() {
    for query in [
      "{__schema{a}}", "{x: __type(name: \"T\"){a}}", "{...F} fragment F on Q{__schema{a}}",
    ] {
      #expect(rule(query) == "introspection")
      #expect(rule(query) { $0.allowsIntrospection = true } == nil)
    }
    #expect(rule("{a{__typename}}") == nil)
  }

  @Test func `Which operation is meant must be plain`() {
    let two = "query A{a} query B{b}"
    #expect(rule(two) == "request")
    #expect(rule(two, operationName: "C") == "request")
    #expect(rule(two, operationName: "B") == nil)
    #expect(rule("query A{a} {b}", operationName: "A") == "operations")
    #expect(rule("query A{a} query A{b}", operationName: "A") == "operations")
  }

  @Test func `A safe method changes nothing`() {
    #expect(rule("{a}", isSafe: true) == nil)
    #expect(rule("mutation{a}", isSafe: true) == "method")
    #expect(rule("query A{a} mutation B{b}", operationName: "A", isSafe: true) == "method")
    #expect(rule("subscription{a b}") == "root-fields")
  }

  @Test func `Variables say how much is asked for`() {
    let query = "query($n: Int){a(first: $n){b}}"
    #expect(rule(query, variables: "{\"n\":9999}") == nil)
    #expect(rule(query, variables: "{\"n\":10000}") == "complexity")
    #expect(rule(query, variables: "[1]") == "request")
    let list = "[" + Array(repeating: "1", count: 1001).joined(separator: ",") + "]"
    #expect(rule(query, variables: "{\"n\":\(list)}") == "list")
  }

  @Test(arguments: [
    ("{\"query\":\"{a}\"}", nil), ("[{\"query\":\"{a}\"}]", nil), ("[]", "batch"),
    ("{}", "request"), ("1", "request"), ("[[{\"query\":\"{a}\"}]]", "request"),
    ("{\"query\":\"{a}\",\"id\":\"x\"}", "request"),
    ("{\"query\":\"{a}\",\"query\":\"{b}\"}", "request"),
    ("{\"query\":\"{a}\",\"operationName\":1}", "request"),
    ("{\"query\":\"{a}\",\"extensions\":[]}", "request"),
    ("{\"query\":\"{a}\",\"variables\":null,\"operationName\":null,\"extensions\":null}", nil),
  ])
  func `A request is an object of known members, or a batch of them`(text: String, rule: String?) {
    var found: String?
    do throws(GraphQLFault) {
      for request in try GraphQLRequest.all(Array(text.utf8), GraphQLLimits()) {
        try GraphQLCheck().check(request, isSafe: false)
      }
    } catch {
      found = error.rule
    }
    #expect(found == rule)
  }

  @Test(arguments: [(5, true), (6, false)])
  func `A batch has so many requests and no more`(count: Int, isTaken: Bool) {
    let text =
      "[" + Array(repeating: "{\"query\":\"{a}\"}", count: count).joined(separator: ",") + "]"
    let found = try? GraphQLRequest.all(Array(text.utf8), GraphQLLimits())
    #expect((found?.count == count) == isTaken)
  }
}
