import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct AccessPermissionTests {
  private static let roles = RoleDirectory(
    [
      .init(
        name: "reader", inherited: [],
        permissions: [
          .init(services: ["test"], routes: nil, methods: ["GET"], operations: nil)
        ]),
      .init(
        name: "editor", inherited: ["reader"],
        permissions: [
          .init(services: nil, routes: ["orders"], methods: nil, operations: ["PUT /orders/{id}"])
        ]),
      .init(
        name: "other", inherited: [],
        permissions: [
          .init(services: ["elsewhere"], routes: nil, methods: nil, operations: nil)
        ]),
    ],
    [
      .init(
        roles: ["editor"], consumers: [], groups: ["staff"], certificates: [],
        claims: [(name: "org.level", values: ["7"])])
    ])

  private static let routes = ["orders", "users"].map { name in
    PolicyRoute(name: name, service: "test", templates: ["/\(name)/{id}"])
  }

  private func verdict(
    _ yaml: String, _ method: String, _ path: String, roles: Set<String>?, route: Int = 0,
    scopes: Set<String>? = nil, files: [String: String] = [:]
  ) -> String {
    let (policy, report) = PolicyBench.make(
      AccessPolicy.self, yaml, routes: AccessPermissionTests.routes, files: files,
      roles: AccessPermissionTests.roles)
    if report != "" { return report }
    let exchange = PolicyBench.exchange()
    exchange.route = route
    exchange.consumer = roles.map { roles in
      Consumer(
        index: -1, name: "a", roles: AccessPermissionTests.roles.roles(of: .init(roles: roles)),
        groups: [], isDisabled: false, scopes: scopes)
    }
    exchange.request.methodText = exchange.request.fields.store(method.utf8.span)
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    return PolicyBench.problem(policy.review(exchange)).map { "\($0.code)" } ?? "passes"
  }

  @Test func `What no role permits is refused`() {
    #expect(verdict("{}", "GET", "/orders/1", roles: ["reader"]) == "passes")
    #expect(verdict("{}", "HEAD", "/orders/1", roles: ["reader"]) == "access-denied")
    #expect(verdict("{}", "get", "/orders/1", roles: ["reader"]) == "access-denied")
    #expect(verdict("{}", "PUT", "/orders/1", roles: ["reader"]) == "access-denied")
    #expect(verdict("{}", "GET", "/orders/1", roles: ["other"]) == "access-denied")
    #expect(verdict("{}", "GET", "/orders/1", roles: ["unheard-of"]) == "access-denied")
    #expect(verdict("{}", "GET", "/orders/1", roles: []) == "access-denied")
    #expect(verdict("{}", "GET", "/orders/1", roles: nil) == "credentials-required")
  }

  @Test func `A role has what it inherits, and operations are whole paths`() {
    #expect(verdict("{}", "PUT", "/orders/1", roles: ["editor"]) == "passes")
    #expect(verdict("{}", "GET", "/users/1", roles: ["editor"], route: 1) == "passes")
    for path in ["/orders", "/orders/", "/orders/1/2", "/orders/1/", "/Orders/1"] {
      #expect(verdict("{}", "PUT", path, roles: ["editor"]) == "access-denied")
    }
    #expect(verdict("{}", "PUT", "/orders/1", roles: ["editor"], route: 1) == "access-denied")
    #expect(verdict("{}", "PUT", "/orders/1", roles: ["editor"], route: -1) == "access-denied")
  }

  @Test func `Lists and permissions both have to match`() {
    let both = "{ permissions: true, roles: [editor] }"
    #expect(verdict(both, "GET", "/orders/1", roles: ["editor"]) == "passes")
    #expect(verdict(both, "GET", "/orders/1", roles: ["reader"]) == "access-denied")
    #expect(verdict("{ roles: [reader] }", "PUT", "/orders/1", roles: ["reader"]) == "passes")
    // Whoever has a role has those that it inherits, in lists too.
    #expect(verdict("{ roles: [reader] }", "DELETE", "/x", roles: ["editor"]) == "passes")
  }

  @Test func `Each operation asks for scopes of its own`() {
    let yaml = "{ operations: { 'GET /orders/{id}': read, 'PUT /orders/{id}': [read, write] } }"
    func decide(_ method: String, _ path: String, _ scopes: Set<String>?) -> String {
      verdict(yaml, method, path, roles: [], scopes: scopes)
    }
    #expect(decide("GET", "/orders/1", ["read"]) == "passes")
    #expect(decide("PUT", "/orders/1", ["read"]) == "access-denied")
    #expect(decide("PUT", "/orders/1", ["read", "write"]) == "passes")
    #expect(decide("GET", "/orders/1", []) == "access-denied")
    #expect(decide("GET", "/orders/1", nil) == "access-denied")
    #expect(decide("DELETE", "/orders/1", ["read", "write"]) == "access-denied")
    let others = "{ operations: { 'GET /orders/{id}': read, '*': admin } }"
    #expect(verdict(others, "DELETE", "/x", roles: [], scopes: ["admin"]) == "passes")
    #expect(verdict(others, "GET", "/orders/1", roles: [], scopes: ["admin"]) == "access-denied")
  }

  @Test func `Operations may go by the names of the description`() {
    let description = """
      openapi: 3.0.3
      info: { title: t, version: "1" }
      paths:
        /orders/{id}:
          get: { operationId: readOrder, responses: { "200": { description: d } } }
      """
    let yaml = "{ description: api.yaml, operations: { readOrder: read } }"
    func decide(_ method: String, _ path: String) -> String {
      verdict(
        yaml, method, path, roles: [], scopes: ["read"], files: ["api.yaml": description])
    }
    #expect(decide("GET", "/orders/1") == "passes")
    #expect(decide("PUT", "/orders/1") == "access-denied")
    #expect(decide("GET", "/others/1") == "access-denied")
    let without = verdict("{ operations: { readOrder: read } }", "GET", "/", roles: [])
    #expect(without.contains("known by a description alone"))
  }

  @Test func `Roles follow from groups and claims, and never from a name that a token has`() throws
  {
    let claims = try JSONIndex(Array(#"{"org":{"level":7}}"#.utf8)).root
    let other = try JSONIndex(Array(#"{"org":{"level":8}}"#.utf8)).root
    let roles = AccessPermissionTests.roles
    #expect(roles.roles(of: .init(groups: ["staff"], claims: claims)) == ["editor", "reader"])
    #expect(roles.roles(of: .init(groups: ["staff"], claims: other)).isEmpty)
    #expect(roles.roles(of: .init(groups: ["staff"])).isEmpty)
    #expect(roles.roles(of: .init(claims: claims)).isEmpty)
    let byName = RoleDirectory(
      [.init(name: "r", inherited: [], permissions: [])],
      [.init(roles: ["r"], consumers: ["root"], groups: [], certificates: [], claims: [])])
    #expect(byName.roles(of: .init(consumer: "root")) == ["r"])
    #expect(byName.roles(of: .init(consumer: nil)).isEmpty)
  }

  private func content(
    _ content: String, type: String? = "application/json", more: [(String, String)] = []
  ) -> String {
    let (policy, report) = PolicyBench.make(
      AccessPolicy.self, "{ when: \"body.owner == identity.name\" }")
    if report != "" { return report }
    let fields = (type.map { [("content-type", $0)] } ?? []) + more
    let exchange = PolicyBench.exchange(fields, consumer: 0)
    #expect(exchange.isHeld(by: policy))
    guard case .proceed = policy.review(exchange) else { return "refused by the head" }
    let verdict = exchange.inspected(content, by: policy)
    return PolicyBench.problem(verdict).map { "\($0.code)" } ?? "passes"
  }

  @Test func `A caller sends objects of its own, and no others`() {
    #expect(content(#"{"owner":"alice","x":1}"#) == "passes")
    #expect(content(#"{"owner":"bob"}"#) == "access-denied")
    #expect(content(#"{"owner":"bob","owner":"alice"}"#) == "access-denied")
    #expect(content(#"{"owner":["alice"]}"#) == "access-denied")
    #expect(content("") == "access-denied")
    #expect(content(#"{"owner":"alice"}"#, type: "text/plain") == "access-denied")
    #expect(content(#"{"owner":"alice"}"#, type: nil) == "access-denied")
    #expect(
      content(#"{"owner":"alice"}"#, more: [("content-type", "text/plain")]) == "access-denied")
    #expect(content(#"{"owner":"alice"}"#, more: [("content-encoding", "gzip")]) == "access-denied")
    let form = "application/x-www-form-urlencoded; charset=utf-8"
    #expect(content("owner=alice&x=1", type: form) == "passes")
    #expect(content("owner=%61lice", type: form) == "passes")
    #expect(content("owner=alice&owner=bob", type: form) == "access-denied")
    #expect(content("owner=alice&own%65r=bob", type: form) == "access-denied")
    #expect(content("owner=al+ice", type: form) == "access-denied")
  }

  @Test func `A condition that is not about content holds nothing back`() {
    let (policy, _) = PolicyBench.make(AccessPolicy.self, "{ when: \"time.hour < 24\" }")
    #expect(!PolicyBench.exchange().isHeld(by: policy))
  }
}
