import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct AccessTests {
  private func problem(_ yaml: String, _ consumer: Int?) -> String {
    let (policy, _) = PolicyBench.make(AccessPolicy.self, yaml)
    let found = PolicyBench.problem(policy.review(PolicyBench.exchange(consumer: consumer)))
    return found.map { "\($0.code)" } ?? "passes"
  }

  @Test func `Only callers of the roles, groups and names pass`() {
    #expect(problem("{ roles: [reader] }", 0) == "passes")
    #expect(problem("{ roles: [reader] }", 1) == "access-denied")
    #expect(problem("{ roles: [reader] }", nil) == "credentials-required")
    #expect(problem("{ roles: [reader], groups: [none] }", 0) == "access-denied")
    #expect(problem("{ groups: [staff] }", 0) == "passes")
    #expect(problem("{ consumers: [bob] }", 0) == "access-denied")
  }

  @Test func `A list of nobody is reported`() {
    #expect(PolicyBench.make(AccessPolicy.self, "{}").report.contains("names nobody"))
  }

  private func verdict(
    _ when: String, path: String = "/users/alice", query: String = "", consumer: Int? = 0,
    fields: [(String, String)] = []
  ) -> String {
    let route = PolicyRoute(name: "r", service: "test", templates: ["/users/{user}"])
    let (policy, report) = PolicyBench.make(
      AccessPolicy.self, "{ when: \"\(when)\" }", routes: [route])
    if report != "" { return report }
    let exchange = PolicyBench.exchange(fields, consumer: consumer)
    exchange.route = 0
    exchange.request.methodText = exchange.request.fields.store("GET")
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    exchange.request.query = exchange.request.fields.store(query.utf8.span)
    return PolicyBench.problem(policy.review(exchange)).map { "\($0.code)" } ?? "passes"
  }

  @Test func `A caller reaches objects of its own, and no others`() {
    let own = "params.user == identity.name"
    #expect(verdict(own) == "passes")
    #expect(verdict(own, path: "/users/%61lice") == "passes")
    #expect(verdict(own, path: "/users/bob") == "access-denied")
    #expect(verdict(own, path: "/users/ALICE") == "access-denied")
    #expect(verdict(own, path: "/users/%zz") == "access-denied")
    #expect(verdict(own, path: "/other/alice") == "access-denied")
    #expect(verdict(own, consumer: nil) == "access-denied")
    #expect(verdict("params.user != identity.name", consumer: nil) == "access-denied")
    #expect(verdict(own + " || 'reader' in identity.roles", path: "/users/bob") == "passes")
  }

  // NRM-12.
  @Test func `A parameter that stands there twice is none`() {
    let own = "request.query['user'] == identity.name"
    #expect(verdict(own, query: "user=alice") == "passes")
    #expect(verdict(own, query: "us%65r=alice") == "passes")
    #expect(verdict(own, query: "user=alice&user=bob") == "access-denied")
    #expect(verdict(own, query: "user=bob&us%65r=alice") == "access-denied")
    #expect(verdict(own, query: "") == "access-denied")
  }

  @Test func `Conditions see fields, addresses and the time`() {
    #expect(
      verdict("request.headers['x-a'] == '1, 2'", fields: [("x-a", "1"), ("x-a", "2")]) == "passes")
    #expect(verdict("client.address.inNetwork('192.0.2.0/24')", consumer: nil) == "passes")
    #expect(verdict("time.weekday == 4 && time.hour == 0 && request.scheme == 'http'") == "passes")
  }

  @Test(arguments: [
    ("params.usr == 'a'", "has no 'usr', expected one of user"), ("identity.name", "is a string"),
    (
      "request.methd == 'GET'",
      "at character 1, 'request.methd' is no variable, did you mean 'request.method'?"
    ),
  ])
  func `A condition that is none is reported with its place`(when: String, message: String) {
    #expect(verdict(when).contains(message))
  }
}
