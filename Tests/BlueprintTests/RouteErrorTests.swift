import Blueprint
import Formats
import Testing

@Suite struct RouteErrorTests {
  @Test(arguments: [
    (
      "paths: shop",
      "9:16: the path 'shop' does not begin with a slash, expected a path such as /shop"
    ),
    (
      "paths: /a/../b",
      "9:16: the path '/a/../b' has a dot segment, expected the path that it leads to"
    ),
    ("paths: /a/.", "9:16: the path '/a/.' has a dot segment, expected the path that it leads to"),
    ("paths: /a//b", "9:16: the path '/a//b' has an empty segment, expected single slashes"),
    ("paths: //", "9:16: the path '//' has an empty segment, expected single slashes"),
    (
      "paths: /a%2fb",
      "9:16: the path '/a%2fb' has %2F, which servers read differently, expected a path without it"
    ),
    (
      "paths: /a%00",
      "9:16: the path '/a%00' has %00, which servers read differently, expected a path without it"
    ),
    (
      "paths: /a%5Cb",
      "9:16: the path '/a%5Cb' has %5C, which servers read differently, expected a path without it"
    ),
    (
      "paths: /a%252e",
      "9:16: the path '/a%252e' has %25, which servers read differently, expected a path without it"
    ),
    (
      "paths: /%2e%2e/b",
      "9:16: the path '/%2e%2e/b' has a dot segment, expected the path that it leads to"
    ),
    ("paths: /a%2", "9:16: the path '/a%2' has a bad percent-encoding, expected %XX"),
    ("paths: /a%zz", "9:16: the path '/a%zz' has a bad percent-encoding, expected %XX"),
    (
      "paths: /a*",
      "9:16: the path '/a*' has a '*', expected a prefix without it, or {name} for one segment"
    ),
    (
      "paths: /é",
      "9:16: the path '/é' has a character beyond ASCII, expected its UTF-8 bytes as %XX"
    ),
    (
      "paths: /a b",
      "9:16: the path '/a b' has a character that no path may hold, expected it encoded as %XX"
    ),
    (
      "paths: /a\\b",
      "9:16: the path '/a\\b' has a character that no path may hold, expected it encoded as %XX"
    ),
    ("paths: /a?b", "9:16: the path '/a?b' has a query or fragment, expected a path alone"),
    (
      "paths: '/a{b}'",
      "9:16: the path '/a{b}' has a brace within a segment, expected a whole segment {name}"
    ),
    (
      "paths: '/{}'",
      "9:16: the path '/{}' has a parameter with a bad name, expected letters, digits, '_' and '-'"
    ),
    (
      "paths: '/{a}/{a}'",
      "9:16: the path '/{a}/{a}' has two parameters of one name, expected different names"
    ),
    ("paths: []", "9:16: 'paths' is empty, expected paths, or no 'paths' for all"),
    (
      "paths: { exact: /a, prefix: /b }",
      "9:16: this is no path, expected one of exact, prefix, template"
    ),
    ("paths: { exakt: /a }", "9:18: unknown key 'exakt', did you mean 'exact'?"),
    ("hosts: ['*']", "9:17: 'hosts' is '*', expected no 'hosts' at all for every host"),
    (
      "hosts: [a.*.b]",
      "9:17: 'hosts' is 'a.*.b', expected '*.' at the begin alone, such as *.example.com"
    ),
    ("hosts: ['a:80']", "9:17: 'hosts' is 'a:80', expected a host without port"),
    ("hosts: [ü.de]", "9:17: 'hosts' is 'ü.de', expected its ASCII form, xn--…"),
    (
      "hosts: [a..b]",
      "9:17: 'hosts' is 'a..b', expected a host such as api.example.com or *.example.com"
    ),
    (
      "hosts: [a.b.]",
      "9:17: 'hosts' is 'a.b.', expected a host such as api.example.com or *.example.com"
    ),
    (
      "hosts: [-a]",
      "9:17: 'hosts' is '-a', expected a host such as api.example.com or *.example.com"
    ),
    ("hosts: []", "9:16: 'hosts' is empty, expected hosts, or no 'hosts' for all"),
    ("methods: []", "9:18: 'methods' is empty, expected methods, or no 'methods' for all"),
    ("methods: [get]", "9:19: 'methods' is 'get', did you mean 'GET'?"),
    ("methods: [GTE]", "9:19: 'methods' is 'GTE', did you mean 'GET'?"),
    ("methods: [TRACE]", "9:19: 'methods' is 'TRACE', expected a method that may be forwarded"),
    ("methods: [a b]", "9:19: 'methods' is 'a b', expected a method in capitals, such as GET"),
    ("headers: { 'a b': c }", "9:20: 'headers' is 'a b', expected names of fields"),
    (
      "headers: { a: \"x\\ny\" }",
      "9:23: 'a' is 'x\\u{a}y', expected a value without control characters"
    ),
    ("headers: [a]", "9:18: 'headers' is a list, expected a mapping"),
    ("path-rule: loose", "9:20: 'path-rule' is 'loose', expected one of strict, keep"),
    (
      "strip-prefix: true\npaths: = /a",
      "9:23: 'strip-prefix' with a path that is no prefix, expected prefixes alone"
    ),
    ("paths: [/a, /a/]", "9:9: the route has '/a' twice"),
    ("path: /a", "9:9: unknown key 'path', did you mean 'paths'?"),
    ("name: ' '", "9:15: 'name' is ' ', expected 1 to 64 letters, digits, '.', '_' and '-'"),
    (
      "policies: [api-key]\npublic: true",
      "10:17: 'public: true' beside the policy 'api-key', which asks who calls, expected one of "
        + "them"
    ),
    (
      "public: false",
      "9:9: nothing says who may call this route, expected one of the policies api-key, jwt here "
        + "or in its service, or 'public: true'"
    ),
  ])
  func `Mistakes in routes are named`(text: String, expected: String) throws {
    #expect(try #require(complaints(route(text)).first) == expected)
  }

  @Test func `A list in one line with parameters needs quotes, and is told so`() {
    #expect(
      complaints(route("paths: [/users/{id}]")) == [
        "9:24: invalid YAML: did not find expected ',' or ']', expected quotes around a value with "
          + "braces within [ ] or { }"
      ])
  }

  @Test(arguments: [
    ("/shop", "/shop", PathPattern.Kind.prefix), ("/shop/", "/shop", .prefix), ("/", "/", .prefix),
    ("= /x", "/x", .exact), ("=/x/", "/x/", .exact), ("/users/{id}", "/users/{id}", .template),
    ("/%41%7e%c3%a9", "/A~%C3%A9", .prefix),
    ("/a;b=c,d:e@f!$&'()+", "/a;b=c,d:e@f!$&'()+", .prefix),
  ])
  func `A path is brought into its one form`(
    text: String, canonical: String, kind: PathPattern.Kind
  )
    throws
  {
    let pattern = try PathPattern(text)
    #expect(pattern.text == canonical)
    #expect(pattern.kind == kind)
  }

  @Test func `A path may be a mapping that names its kind`() throws {
    let text = route("paths: [{ exact: /a }, { prefix: /b/ }, { template: '/c/{d}' }]")
    let paths = try #require(read(text).blueprint).services[0].routes[0].paths
    #expect(paths.map(\.description) == ["= /a", "/b", "/c/{d}"])
    #expect(paths[2].parameters == ["d"])
    #expect(paths[2].shape == "/c/{}")
  }

  @Test(arguments: [
    ("API.Example.com", "api.example.com"), ("*.example.com", "*.example.com"),
    ("127.0.0.1", "127.0.0.1"), ("[2001:DB8::0:1]", "2001:db8::1"), ("localhost", "localhost"),
  ])
  func `A host is brought into its one form`(text: String, canonical: String) throws {
    #expect(try HostPattern(text).description == canonical)
  }

  @Test func `A route takes what it leaves out from its service`() throws {
    let text = service(
      "public: true\ntimeouts: { connect: 1s, idle: 2s }\nroutes:\n- { paths: /a, timeouts: { "
        + "idle: 9s } }\n"
        + "- { paths: /b, policies: [api-key] }\n- { paths: /c, methods: PROPFIND, path-rule: "
        + "keep, strip-prefix: true,"
        + " headers: { X-B: 2, x-a: 1 }, name: c }")
    let routes = try #require(read(text).blueprint).services[0].routes
    #expect(routes[0].timeouts?.connectMilliseconds == 1000)
    #expect(routes[0].timeouts?.idleMilliseconds == 9000)
    #expect(routes[0].isPublic)
    #expect(routes[1].timeouts == nil)
    #expect(!routes[1].isPublic)
    #expect(routes[2].methods == ["PROPFIND"])
    #expect(routes[2].pathRule == .keep)
    #expect(routes[2].stripPrefix)
    #expect(routes[2].headers.map(\.name) == ["x-a", "x-b"])
    #expect(routes[2].name == "c")
  }

  @Test(arguments: [
    ("paths: /a", "paths: /a/", "/a"),
    ("paths: '/u/{id}'", "paths: '/u/{name}'", "/u/{name}"),
    ("paths: /a\npath-case: ignored", "paths: /A\npath-case: ignored", "/A"),
    ("paths: /a\nmethods: [GET, PUT]", "paths: [/b, /a]\nmethods: [PUT]", "PUT /a"),
    ("hosts: [A.b, c.d]", "hosts: a.B", "a.b /"),
    ("headers: { A: 1, B: 2 }", "headers: { b: 2, a: 1 }", "/"),
  ])
  func `Two services cannot have the same route`(one: String, other: String, what: String) {
    let text = around(
      "services:\n"
        + ["a", "b"].map { name in
          "- name: \(name)\n  public: true\n  upstreams: http://u:1\n  routes:\n  -\n"
            + indented(name == "a" ? one : other)
        }.joined(separator: "\n"))
    let line = one.contains("\n") ? 16 : 15
    #expect(
      complaints(text) == [
        "\(line):5: '\(what)' is matched by two routes, first in line 9 by the service 'a', "
          + "expected different hosts, paths, methods or headers"
      ])
  }

  @Test(arguments: [
    ("paths: /a", "paths: = /a"), ("paths: /a", "paths: /a\nmethods: GET"),
    ("paths: /a", "hosts: x.y\npaths: /a"), ("hosts: x.y", "hosts: '*.x.y'"),
    ("headers: { a: 1 }", "headers: { a: 2 }"), ("paths: '/u/{id}'", "paths: = /u/id"),
    ("paths: '/u/{id}'", "paths: /u/id/x"), ("paths: '/u/{id}/x'", "paths: '/v/{id}/y'"),
    ("paths: '/{a}/x'\nmethods: GET", "paths: '/u/{b}'\nmethods: POST"),
    ("hosts: x.y\npaths: '/{a}/x'", "hosts: x.z\npaths: '/u/{b}'"),
    ("paths: /a", "paths: /A"), ("paths: /a", "paths: /a\npath-case: ignored"),
  ])
  func `Routes that differ may overlap`(one: String, other: String) {
    let text = service("public: true\nroutes:\n  -\n\(indented(one))\n  -\n\(indented(other))")
    #expect(complaints(text) == [])
  }

  // NRM-10.
  @Test func `Routes that cross are warned of, and prefixes whose own path a template has`() {
    func complaints(_ one: String, _ other: String) -> [String] {
      read(service("public: true\nroutes:\n  -\n\(indented(one))\n  -\n\(indented(other))"))
        .diagnostics.sorted.map { "\($0.severity) \($0.position.line) \($0.message)" }
    }
    func crossing(_ line: Int) -> String {
      "warning \(line) '/{a}/x' and '/u/{b}' fit some of the same paths"
    }
    #expect(complaints("paths: '/{a}/x'", "paths: '/u/{b}'") == [crossing(11)])
    #expect(complaints("paths: '/{a}/x'\nmethods: GET", "paths: '/u/{b}'") == [crossing(12)])
    #expect(
      complaints("paths: '/u/{id}'", "paths: /u/me") == [
        "warning 11 '/u/me' itself goes to '/u/{id}' in line 9: a template goes before a prefix"
      ])
  }

  // DOS-13.
  @Test func `A route of too many combinations is refused`() {
    let paths = (0..<101).map { "/\($0)" }.joined(separator: ", ")
    let hosts = (0..<100).map { "h\($0)" }.joined(separator: ", ")
    #expect(
      complaints(route("paths: [\(paths)]\nhosts: [\(hosts)]")) == [
        "9:9: the route has too many combinations of hosts, paths and methods, expected at most "
          + "10000"
      ])
  }
}
