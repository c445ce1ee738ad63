import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct HeadersTests {
  @Test func `Fields are set, added and removed`() {
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self,
      "{ request: { set: { x-caller: '{consumer}' }, remove: [x-debug] }, security: true }")
    #expect(report == "")
    let exchange = PolicyBench.exchange([("x-debug", "1"), ("x-caller", "mallory")], consumer: 0)
    _ = policy.review(exchange)
    #expect(PolicyBench.value(exchange.request.fields, "x-debug") == nil)
    #expect(PolicyBench.value(exchange.request.fields, "x-caller") == "alice")
    policy.reviewResponse(exchange)
    #expect(PolicyBench.value(exchange.response.fields, "x-frame-options") == "DENY")
  }

  @Test(arguments: ["content-length", "host", "x-consumer-id", "transfer-encoding", "bad name"])
  func `Fields of framing, routing and identity cannot be changed`(name: String) {
    let (_, report) = PolicyBench.make(
      HeadersPolicy.self, "{ request: { set: { '\(name)': x } } }")
    #expect(report.contains("cannot be changed"))
  }

  // SSR-06.
  @Test func `Whatever a capture holds, it ends no line`() {
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self,
      "{ request: { set: { a: 'x{path}y' } }, response: { add: { set-cookie: 'p={path}' } } }")
    #expect(report == "")
    let exchange = PolicyBench.exchange()
    exchange.request.path = exchange.request.fields.store("/\r\nb: c\u{0};d=\"e\", \u{7F}")
    _ = policy.review(exchange)
    policy.reviewResponse(exchange)
    #expect(
      PolicyBench.value(exchange.request.fields, "a")
        == "x/%0D%0Ab: c%00;d=\"e\", %7Fy")
    #expect(
      PolicyBench.value(exchange.response.fields, "set-cookie")
        == "p=/%0D%0Ab:%20c%00%3Bd=%22e%22%2C%20%7F")
  }

  @Test func `What an exchange does not have is empty`() {
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self,
      "{ request: { set: { a: '[{consumer}{request-id}{host}{route}]{client-address}' } } }")
    #expect(report == "")
    for client in ["192.0.2.1", "0.10.200.255", "2001:db8::1"] {
      let exchange = PolicyBench.exchange(client: client)
      _ = policy.review(exchange)
      #expect(PolicyBench.value(exchange.request.fields, "a") == "[]\(client)")
    }
  }

  @Test func `A parameter is found in the template that fits the path`() {
    let routes = [
      PolicyRoute(name: "one", service: "test", templates: ["/a/{id}", "/{id}/b/{x}"]),
      PolicyRoute(name: "two", service: "other", templates: ["/{secret}"]),
    ]
    let (policy, report) = PolicyBench.make(
      HeadersPolicy.self, "{ request: { set: { a: '{params.id}' } } }", routes: routes)
    #expect(report == "")
    func found(_ path: String, route: Int) -> String? {
      let exchange = PolicyBench.exchange()
      exchange.request.path = exchange.request.fields.store(path.utf8.span)
      exchange.route = route
      _ = policy.review(exchange)
      return PolicyBench.value(exchange.request.fields, "a")
    }
    #expect(found("/a/1", route: 0) == "1")
    #expect(found("/2/b/3", route: 0) == "2")
    for path in ["/a", "/a/", "/a/1/", "/b/1", "/", "*", ""] {
      #expect(found(path, route: 0) == "")
    }
    for route in [-1, 1, 2] { #expect(found("/a/1", route: route) == "") }
    let (_, unknown) = PolicyBench.make(
      HeadersPolicy.self, "{ request: { set: { a: '{params.secret}' } } }", routes: routes)
    #expect(unknown.contains("unknown capture 'params.secret'"))
  }
}
