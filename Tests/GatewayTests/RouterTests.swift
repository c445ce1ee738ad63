import Blueprint
import HTTP
import Testing

@testable import Gateway

@Suite struct RouterTests {
  @Test func `A router without routes finds nothing`() {
    #expect(router([]).match(request("/")) == .notFound)
  }

  // NRM-09.
  @Test func `A prefix ends at a segment's end`() throws {
    let router = router([try route(["/shop"])])
    for path in ["/shop", "/shop/", "/shop/a/b"] {
      #expect(router.match(request(path)) == .route(0))
    }
    for path in ["/shops", "/sho", "/", "/Shop", "//shop", "/a/shop"] {
      #expect(router.match(request(path)) == .notFound)
    }
  }

  @Test func `Case counts, unless the route says otherwise (NRM-08)`() throws {
    let router = router([
      try route(["/Admin"], inAnyCase: true), try route(["/"]), try route(["/admin/Me"]),
      try route(["/X/{id}/y"], inAnyCase: true), try route(hosts: ["other"], ["/Admin"]),
    ])
    for path in ["/admin", "/ADMIN/x", "/aDmIn/me", "/Admin/Me"] {
      #expect(router.match(request(path)) == .route(0), "\(path)")
    }
    #expect(router.match(request("/admin/Me")) == .route(2))
    #expect(router.match(request("/admins")) == .route(1))
    #expect(router.match(request(host: "other", "/Admin")) == .route(4))
    #expect(router.match(request(host: "other", "/admin")) == .route(0))
  }

  @Test func `Exact goes before template, template before prefix, longer before shorter`() throws {
    let router = router([
      try route(["/"]), try route(["/users"]), try route(["/users/{id}"]),
      try route(["= /users/me"]), try route(["/users/me"]), try route(["/users/{id}/posts"]),
      try route(["/{kind}/me/posts"]),
    ])
    #expect(router.match(request("/users/me")) == .route(3))
    #expect(router.match(request("/users/7")) == .route(2))
    #expect(router.match(request("/users/me/")) == .route(4))
    #expect(router.match(request("/users/me/posts")) == .route(5))
    #expect(router.match(request("/things/me/posts")) == .route(6))
    #expect(router.match(request("/users/")) == .route(1))
    #expect(router.match(request("/x")) == .route(0))
  }

  @Test func `The template with more literal segments wins, wherever they stand`() throws {
    let router = router([try route(["/a/{x}/{y}"]), try route(["/{x}/b/c"])])
    #expect(router.match(request("/a/b/c")) == .route(1))
    #expect(router.match(request("/a/b/d")) == .route(0))
  }

  @Test func `A parameter takes no empty segment`() throws {
    let router = router([try route(["/a/{x}"])])
    #expect(router.match(request("/a/")) == .notFound)
    #expect(router.match(request("/a/b/")) == .notFound)
  }

  @Test func `Hosts go from exact over longer wildcards to any`() throws {
    let router = router([
      try route(), try route(hosts: ["*.example.com"]), try route(hosts: ["*.a.example.com"]),
      try route(hosts: ["API.example.com"]), try route(hosts: ["[2001:db8::1]"]),
    ])
    #expect(router.match(request(host: "api.example.com", "/")) == .route(3))
    #expect(router.match(request(host: "api.example.com.", "/")) == .route(3))
    #expect(router.match(request(host: "b.a.example.com", "/")) == .route(2))
    #expect(router.match(request(host: "a.example.com", "/")) == .route(1))
    #expect(router.match(request(host: "example.com", "/")) == .route(0))
    #expect(router.match(request(host: ".example.com", "/")) == .route(0))
    #expect(router.match(request(host: "", "/")) == .route(0))
    #expect(router.match(request(host: "[2001:db8::1]", "/")) == .route(4))
  }

  @Test func `A route whose method or fields do not fit leaves the request to the next`() throws {
    let router = router([
      try route(hosts: ["h"], ["= /a/b"], methods: ["PUT"]),
      try route(hosts: ["h"], ["/a/b"], headers: ["x-beta": "1"]),
      try route(hosts: ["h"], ["/a"], methods: ["POST"]),
      try route(["/"], methods: ["GET"]),
    ])
    #expect(router.match(request("PUT", "/a/b")) == .route(0))
    #expect(router.match(request("GET", "/a/b", headers: [("x-beta", "1")])) == .route(1))
    #expect(router.match(request("POST", "/a/b")) == .route(2))
    #expect(router.match(request("GET", "/a/b")) == .route(3))
    #expect(router.match(request("DELETE", "/a/b")) == .methodNotAllowed)
    #expect(
      router.allowedMethods(for: request("DELETE", "/a/b")) == ["GET", "HEAD", "POST", "PUT"])
  }

  @Test func `Two fields of one name must both fit`() throws {
    let router = router([try route(headers: ["x-a": "1"])])
    #expect(router.match(request("/", headers: [("x-a", "1"), ("x-a", "1")])) == .route(0))
    #expect(router.match(request("/", headers: [("x-a", "1"), ("x-a", "2")])) == .notFound)
  }

  @Test func `HEAD follows GET unless a route names it`() throws {
    let plain = router([try route(methods: ["GET"]), try route()])
    #expect(plain.match(request("HEAD", "/")) == .route(0))
    let named = router([try route(methods: ["GET"]), try route(methods: ["HEAD"])])
    #expect(named.match(request("HEAD", "/")) == .route(1))
  }

  // NRM-13.
  @Test func `Unknown methods pass only where they are listed, TRACE and CONNECT never`() throws {
    let router = router([try route(["/"]), try route(["/cache"], methods: ["PURGE"])])
    #expect(router.match(request("PURGE", "/cache/x")) == .route(1))
    #expect(router.match(request("purge", "/cache/x")) == .methodNotAllowed)
    for method in ["PURGE", "TRACE", "CONNECT"] {
      #expect(router.match(request(method, "/x")) == .methodNotAllowed)
    }
    #expect(router.allowedMethods(for: request("TRACE", "/cache")).contains("PURGE"))
  }

  @Test func `OPTIONS of the server as a whole is for the prefix of everything`() throws {
    let some = router([try route(["/a"])])
    #expect(some.match(request("OPTIONS", "*")) == .notFound)
    let all = router([try route(["/a"]), try route(["/"]), try route(["/{x}"])])
    #expect(all.match(request("OPTIONS", "*")) == .route(1))
  }

  // NRM-03.
  @Test func `What two parsers read differently is refused where paths decide`() throws {
    let path = "/a%2Fadmin"
    let odd = request(path, traits: .encodedDelimiter)
    #expect(router([try route()]).match(odd) == .route(0))
    #expect(router([try route(rule: .strict)]).match(odd) == .malformedPath)
    #expect(router([try route(), try route(["/admin"])]).match(odd) == .malformedPath)
    #expect(router([try route(rule: .keep), try route(["/admin"])]).match(odd) == .route(0))
    #expect(router([try route(), try route(["/admin"])]).match(request("/a")) == .route(0))
    let parameter = request("/a;b", traits: .parameter)
    #expect(router([try route(), try route(["= /a"])]).match(parameter) == .malformedPath)
  }

  @Test func `Paths at other levels of the host count for the path rule`() throws {
    let odd = request("/a%2Fb", traits: .encodedDelimiter)
    let below = router([try route(hosts: ["h"]), try route(["/admin"])])
    #expect(below.match(odd) == .malformedPath)
    let above = router([try route(hosts: ["h"], ["/admin"]), try route()])
    #expect(above.match(odd) == .malformedPath)
    let elsewhere = router([try route(hosts: ["i"], ["/admin"]), try route()])
    #expect(elsewhere.match(odd) == .route(1))
  }

  @Test func `Templates that fit in thousands of ways end the search`() throws {
    var routes: [RouteBlueprint] = []
    for mask in 0..<(1 << 12) {
      let segments = (0..<12).map { mask >> $0 & 1 == 1 ? "{p\($0)}" : "a" }
      routes.append(try route(["/" + segments.joined(separator: "/") + "/end"]))
    }
    let router = router(routes)
    let path = "/" + Array(repeating: "a", count: 12).joined(separator: "/")
    #expect(router.match(request(path + "/end")) == .notFound)
    #expect(router.match(request(path + "/else")) == .notFound)
    #expect(router.match(request(path.replacing("/a", with: "/b") + "/end")) == .route(4095))
  }

  @Test func `Fifty thousand routes are found like one`() throws {
    let clock = ContinuousClock()
    var routes: [RouteBlueprint] = []
    for number in 0..<50_000 {
      let path = ["/v\(number)/a", "= /v\(number)", "/v\(number)/{id}"][number % 3]
      routes.append(try route(hosts: ["h\(number % 100).example"], [path]))
    }
    var compiled = router([])
    let building = clock.measure { compiled = router(routes) }
    var misses = 0
    let heads = stride(from: 0, to: 50_000, by: 7).map { number in
      let path = ["/v\(number)/a/x", "/v\(number)", "/v\(number)/7"][number % 3]
      return (number, request(host: "h\(number % 100).example", path))
    }
    let matching = clock.measure {
      for (number, head) in heads where compiled.match(head) != .route(number) { misses += 1 }
    }
    #expect(misses == 0)
    // A scan would take minutes here; the bounds leave room for a slow machine.
    #expect(building < .seconds(60))
    #expect(matching < .seconds(10))
    print("50,000 routes: built in \(building), one match in \(matching / heads.count)")
  }
}
