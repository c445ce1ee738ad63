import Foundation
import Testing

/// RFC 9111 by the real binary: what is kept, for whom, how long, and what becomes of it.
@Suite(.serialized) struct CacheTests {
  private static func services(
    _ port: UInt16, cache: String = "{}", more: String = "", isPublic: Bool = true
  ) -> String {
    """
      - name: open
        upstreams: [http://127.0.0.1:\(port)]
        \(isPublic ? "public: true" : "retries: { count: 0 }")
        policies: [\(more){ cache: \(cache) }]
    """
  }

  private static func start(
    _ upstream: CacheUpstream, cache: String = "{}", more: String = "", isPublic: Bool = true,
    rest: String = "", listener: String = ""
  ) throws -> RunningGateway {
    try RunningGateway(
      services: services(upstream.port, cache: cache, more: more, isPublic: isPublic),
      listener: listener, rest: rest)
  }

  /// Asks for a path whose query says how the upstream answers.
  private static func get(
    _ client: Client, _ path: String, _ fields: [String] = [], host: String = "api.test"
  ) throws -> Answer {
    try client.request("GET", path, fields, host: host)
  }

  /// A path; its query makes the upstream answer with this `Cache-Control`.
  private static func path(_ name: String, _ control: String, _ more: String = "") -> String {
    let text = control.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "/\(name)?cc=\(text)\(more)"
  }

  // MARK: Freshness (§4.2)

  @Test(arguments: ["max-age=60", "s-maxage=60, max-age=0", "public, max-age=\"60\"", "MAX-AGE=60"])
  func `What is fresh is not asked for again, and says how old it is`(control: String) throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", control)
    let first = try Self.get(gateway.client(), path)
    #expect(first.fields["cache-status"] == "gatehouse; fwd=uri-miss; stored")
    #expect(first.fields["age"] == nil)
    let second = try Self.get(gateway.client(), path)
    #expect(second.body == first.body)
    #expect(second.fields["cache-status"]?.hasPrefix("gatehouse; hit; ttl=") == true)
    #expect(try #require(second.fields["age"].flatMap(Int.init)) <= 2)
    #expect(second.fields["date"] == first.fields["date"])
    #expect(upstream.count == 1)
  }

  @Test(arguments: [
    "no-store", "private, max-age=60", "private=\"x\", max-age=60", "max-age=60, no-store", "",
    "max-age=0", "no-cache", "max-age=x", "max-age=60, max-age=0", "max-age=-1",
    "s-maxage=0, max-age=60",
  ])
  func `What may not be kept, or is not fresh, is asked for each time`(control: String) throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", control)
    for _ in 0..<2 {
      let answer = try Self.get(gateway.client(), path)
      #expect(answer.fields["cache-status"] == "gatehouse; fwd=uri-miss")
    }
    #expect(upstream.count == 2)
  }

  @Test func `Expires counts where nothing newer is said, and what is no date is past`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    for (name, fields, count) in [
      ("future", "&f=Expires:Sun,%2006%20Nov%202094%2008:49:37%20GMT", 1),
      ("past", "&f=Expires:Sun,%2006%20Nov%201994%2008:49:37%20GMT", 2),
      ("zero", "&f=Expires:0", 2),
      ("both", "&cc=max-age%3D60&f=Expires:0", 1),
    ] {
      let before = upstream.count
      for _ in 0..<2 { _ = try Self.get(gateway.client(), "/\(name)?\(fields)") }
      #expect(upstream.count == before + count, "\(name)")
    }
  }

  @Test func `Age of the upstream's own cache counts`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", "max-age=60", "&f=Age:50")
    _ = try Self.get(gateway.client(), path)
    let answer = try Self.get(gateway.client(), path)
    #expect(try #require(answer.fields["age"].flatMap(Int.init)) >= 50)
    let old = Self.path("b", "max-age=60", "&f=Age:60")
    for _ in 0..<2 { _ = try Self.get(gateway.client(), old) }
    #expect(upstream.count == 3)
  }

  @Test func `A default time is for what says nothing, and has a status for it`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ default-ttl: 1m }")
    for (path, count) in [
      ("/a", 1), ("/b?s=404", 1), ("/c?s=302", 2), ("/d?s=500", 2), ("/e?s=206", 2),
    ] {
      let before = upstream.count
      for _ in 0..<2 { _ = try Self.get(gateway.client(), path) }
      #expect(upstream.count == before + count, "\(path)")
    }
  }

  // MARK: Revalidation (§4.3)

  @Test(arguments: ["&f=ETag:%22v1%22", "&f=Last-Modified:Sun,%2006%20Nov%201994%2008:49:37%20GMT"])
  func `What is stale is asked about, and a 304 makes it fresh`(validator: String) throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", "no-cache", validator)
    let first = try Self.get(gateway.client(), path)
    let second = try Self.get(gateway.client(), path)
    #expect(second.status == 200)
    #expect(second.body == first.body)
    #expect(second.fields["cache-status"]?.hasPrefix("gatehouse; fwd=stale") == true)
    #expect(upstream.count == 2)
    let head = try #require(upstream.heads.last)
    #expect(head.contains("if-none-match: \"v1\"") || head.contains("if-modified-since: sun, 06"))
    // The connection serves on.
    #expect(try Self.get(gateway.client(), path).body == first.body)
  }

  @Test func `What has changed is replaced`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", "no-cache", "&f=ETag:%22v1%22&changes=1")
    let first = try Self.get(gateway.client(), path)
    let second = try Self.get(gateway.client(), path)
    #expect(second.status == 200)
    #expect(second.body != first.body)
  }

  @Test func `A client's own conditions are answered from what is kept`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path(
      "a", "max-age=60", "&f=ETag:%22v1%22&f=Last-Modified:Sun,%2006%20Nov%201994%2008:49:37%20GMT")
    _ = try Self.get(gateway.client(), path)
    let client = try gateway.client()
    for (field, status) in [
      ("If-None-Match: \"v1\"", 304), ("If-None-Match: \"v0\", W/\"v1\"", 304),
      ("If-None-Match: *", 304), ("If-None-Match: \"v2\"", 200),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 200), ("If-Modified-Since: x", 200),
    ] {
      let answer = try Self.get(client, path, [field])
      #expect(answer.status == status, "\(field)")
      #expect(answer.fields["etag"] == "\"v1\"")
    }
    #expect(upstream.count == 1)
  }

  @Test func `HEAD is answered from what GET has brought`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", "max-age=60")
    let client = try gateway.client()
    _ = try client.request("HEAD", path)
    let first = try Self.get(client, path)
    let head = try client.request("HEAD", path)
    #expect(head.fields["content-length"] == "\(first.body.utf8.count)")
    #expect(head.fields["cache-status"]?.hasPrefix("gatehouse; hit") == true)
    #expect(upstream.count == 2)
  }

  // MARK: Whose it is (NRM-21)

  // NRM-21.
  @Test func `Host, path, query and fields that count tell requests apart`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60")
    let plain = try Self.get(client, path)
    for (path, host, fields) in [
      (Self.path("b", "max-age=60"), "api.test", []), (path + "&x=1", "api.test", []),
      (path, "other.test", []), (path, "api.test:8080", []),
      (path, "api.test", ["Accept: text/html"]),
    ] {
      let answer = try Self.get(client, path, fields, host: host)
      #expect(answer.body != plain.body)
      #expect(answer.fields["cache-status"]?.contains("hit") == false)
    }
    // Other ways to write the same are the same.
    let same = try Self.get(client, path.replacingOccurrences(of: "/a?", with: "/%61?"))
    #expect(same.body == plain.body)
    #expect(same.fields["cache-status"]?.contains("hit") == true)
  }

  // NRM-21.
  @Test func `What does not count does not reach the upstream`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ query: [cc], pass: [user-agent] }")
    let client = try gateway.client()
    let poison = [
      "X-Forwarded-Host: evil.test", "X-Forwarded-Port: 1", "X-Host: evil.test",
      "Forwarded: host=evil",
      "X-Original-URL: /admin", "User-Agent: probe", "X-Anything: <script>",
      "Origin: https://evil.test",
      "Accept-Encoding: gzip", "X-HTTP-Method-Override: POST", "If-None-Match: \"x\"",
    ]
    _ = try Self.get(client, Self.path("a", "max-age=60", "&utm_source=%3Cscript%3E"), poison)
    let head = try #require(upstream.heads.last)
    for word in ["evil", "script", "x-anything", "origin:", "gzip", "override", "if-none", "utm_"] {
      #expect(!head.contains(word), "\(word): \(head)")
    }
    #expect(head.contains("user-agent: probe"))
    #expect(head.contains("x-forwarded-host: api.test"))
    // It is the same to the cache.
    let answer = try Self.get(client, Self.path("a", "max-age=60", "&utm_source=other"))
    #expect(answer.fields["cache-status"]?.contains("hit") == true)
  }

  // NRM-21.
  @Test func `Content of a GET is neither kept for others nor answered from what is kept`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60")
    for _ in 0..<2 {
      let fat = try client.request("GET", path, ["Content-Length: 3"], body: "x=1")
      #expect(fat.fields["cache-status"] == "gatehouse; fwd=bypass")
    }
    let lean = try Self.get(client, path)
    #expect(lean.fields["cache-status"] == "gatehouse; fwd=uri-miss; stored")
    #expect(upstream.count == 3)
  }

  @Test(arguments: [
    ("max-age=60", false), ("public, max-age=60", true), ("s-maxage=60", true),
    ("must-revalidate, max-age=60", true),
  ])
  func `Answers to those who show who they are stay theirs, unless they say otherwise`(
    control: String, isShared: Bool
  ) throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", control)
    let mine = try Self.get(client, path, ["Authorization: Bearer me"])
    let yours = try Self.get(client, path, ["Authorization: Bearer you"])
    let nobody = try Self.get(client, path)
    #expect((mine.body == yours.body) == isShared)
    #expect((mine.body == nobody.body) == isShared)
    // What is everybody's is not for those who show who they are either.
    let again = try Self.get(client, path, ["Authorization: Bearer me"])
    #expect((again.body == nobody.body) == isShared)
  }

  @Test func `Answers to requests with cookies, and those that set some, are not kept`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "public, max-age=60")
    for _ in 0..<2 { _ = try Self.get(client, path, ["Cookie: session=1"]) }
    #expect(upstream.count == 2)
    let set = Self.path("b", "public, max-age=60", "&f=Set-Cookie:a%3Db")
    for _ in 0..<2 { #expect(try Self.get(client, set).fields["set-cookie"] == "a=b") }
    #expect(upstream.count == 4)
    // What everybody may have, those with cookies get as well.
    let kept = try Self.get(client, path)
    #expect(try Self.get(client, path, ["Cookie: session=1"]).body == kept.body)
  }

  @Test func `Consumers share nothing, or have responses of their own`() throws {
    let consumers = """
      consumers:
        - { name: a, api-keys: ["sha256:\(Services.digest)"] }
        - { name: b, api-keys: ["sha256:81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9"] }
      """
    for isOwn in [false, true] {
      let upstream = try CacheUpstream()
      let gateway = try Self.start(
        upstream, cache: "{ per-consumer: \(isOwn) }", more: "{ api-key: {} }, ", isPublic: false,
        rest: consumers)
      let client = try gateway.client()
      let path = Self.path("a", "max-age=60")
      let first = try Self.get(client, path, ["X-API-Key: \(Services.key)"])
      #expect(first.status == 200)
      let again = try Self.get(client, path, ["X-API-Key: \(Services.key)"])
      let other = try Self.get(client, path, ["X-API-Key: bob"])
      #expect(other.status == 200)
      #expect((again.body == first.body) == isOwn)
      #expect(other.body != first.body)
      // Nobody gets what is kept without being let in.
      #expect(try Self.get(client, path).status == 401)
      #expect(try Self.get(client, path, ["X-API-Key: wrong"]).status == 401)
    }
  }

  @Test func `Vary tells apart by what it names, and by all is never kept`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ pass: [accept-language] }")
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60", "&f=Vary:Accept-Language")
    let first = try Self.get(client, path, ["Accept-Language: de"])
    let other = try Self.get(client, path, ["Accept-Language: en"])
    #expect(other.body != first.body)
    #expect(other.fields["cache-status"] == "gatehouse; fwd=vary-miss; stored")
    #expect(try Self.get(client, path, ["Accept-Language: de"]).body == first.body)
    #expect(try Self.get(client, path, ["Accept-Language: en"]).body == other.body)
    let all = Self.path("b", "max-age=60", "&f=Vary:*")
    #expect(try Self.get(client, all).body != Self.get(client, all).body)
  }

  // MARK: Requests' own wishes (§5.2.1)

  @Test func `Only what is kept is given to who wants nothing else`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60")
    #expect(try Self.get(client, path, ["Cache-Control: only-if-cached"]).status == 504)
    #expect(upstream.count == 0)
    _ = try Self.get(client, path)
    #expect(try Self.get(client, path, ["Cache-Control: only-if-cached"]).status == 200)
    #expect(upstream.count == 1)
  }

  @Test func `Wishes for fresher and staler answers count where the route says so`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ obey-clients: true }")
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60", "&f=Age:30")
    var body = try Self.get(client, path).body
    for (wish, isKept) in [
      ("max-age=40", true), ("min-fresh=10", true), ("no-cache", false), ("max-age=20", false),
      ("min-fresh=40", false), ("max-stale=100", true),
    ] {
      let answer = try Self.get(client, path, ["Cache-Control: \(wish)"])
      #expect((answer.body == body) == isKept, "\(wish)")
      body = answer.body
    }
    #expect(try Self.get(client, path, ["Pragma: no-cache"]).body != body)
    let stale = Self.path("b", "max-age=10", "&f=Age:30")
    let old = try Self.get(client, stale)
    #expect(try Self.get(client, stale, ["Cache-Control: max-stale"]).body == old.body)
    #expect(try Self.get(client, stale, ["Cache-Control: max-stale=30"]).body == old.body)
    #expect(try Self.get(client, stale, ["Cache-Control: max-stale=10"]).body != old.body)
    let strict = Self.path("c", "max-age=10, must-revalidate", "&f=Age:30")
    let first = try Self.get(client, strict)
    #expect(try Self.get(client, strict, ["Cache-Control: max-stale"]).body != first.body)
  }

  @Test func `Without that a client cannot have the upstream asked`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60")
    _ = try Self.get(client, path)
    for wish in ["Cache-Control: no-cache", "Cache-Control: max-age=0", "Pragma: no-cache"] {
      _ = try Self.get(client, path, [wish])
    }
    #expect(upstream.count == 1)
    _ = try Self.get(client, Self.path("b", "max-age=60"), ["Cache-Control: no-store"])
    _ = try Self.get(client, Self.path("b", "max-age=60"))
    #expect(upstream.count == 3)
  }

  // MARK: Staleness (RFC 5861)

  @Test func `A stale response stands in for a failure as long as it may`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=1, stale-if-error=60", "&f=Age:5")
    let strict = Self.path("b", "max-age=1, must-revalidate, stale-if-error=60", "&f=Age:5")
    let never = Self.path("c", "max-age=1", "&f=Age:5")
    let first = try Self.get(client, path)
    for path in [strict, never] { _ = try Self.get(client, path) }
    upstream.fail(by: 503)
    let stale = try Self.get(client, path)
    #expect(stale.body == first.body)
    #expect(stale.status == 200)
    #expect(stale.fields["cache-status"]?.hasPrefix("gatehouse; fwd=stale; ttl=-") == true)
    for path in [strict, never] { #expect(try Self.get(client, path).status == 503) }
    upstream.fail(by: 0)
    #expect(try Self.get(client, path).body == first.body)
    #expect(try Self.get(client, strict).status == 502)
  }

  @Test func `A stale response is given while another asks whether it still holds`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let path = Self.path("a", "max-age=1, stale-while-revalidate=60", "&f=Age:5")
    let first = try Self.get(gateway.client(), path)
    upstream.hold(true)
    let asking = try gateway.client()
    try asking.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("the request") { upstream.count == 2 }
    let other = try Self.get(gateway.client(), path)
    #expect(other.body == first.body)
    upstream.hold(false)
    #expect(try asking.answer().body != first.body)
    #expect(upstream.count == 2)
  }

  // MARK: Many at once

  @Test func `One asks for all who want the same`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    upstream.hold(true)
    let path = Self.path("a", "max-age=60")
    let clients = try (0..<40).map { _ in try gateway.client() }
    for client in clients { try client.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n") }
    try Waiting.until("the requests") {
      (try? gateway.metric("gatehouse_cache_requests_total{result=\"joined\"}")) == 39
    }
    upstream.hold(false)
    let bodies = try clients.map { try $0.answer().body }
    #expect(Set(bodies).count == 1)
    #expect(upstream.count == 1)
  }

  @Test func `Who waits goes on when who asks has left, or got nothing for others`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    upstream.hold(true)
    for control in ["max-age=60", "no-store"] {
      let path = Self.path(control.filter { $0 != "=" }, control)
      let before = upstream.count
      var leader: Client? = try gateway.client()
      try leader?.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n")
      try Waiting.until("the first") { upstream.count == before + 1 }
      let clients = try (0..<4).map { _ in try gateway.client() }
      for client in clients { try client.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n") }
      if control == "max-age=60" { leader = nil }
      upstream.hold(false)
      for client in clients { #expect(try client.answer().status == 200) }
      if let leader { #expect(try leader.answer().status == 200) }
      upstream.hold(true)
    }
  }

  // DOS-01.
  @Test func `Who waits for somebody slow asks for himself after a while`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ size: 256MiB, response: 16MiB }")
    // The first takes nothing of an answer that no socket's buffers hold.
    let path = Self.path("a", "max-age=60", "&size=15000000")
    let slow = try gateway.client()
    try slow.send("GET \(path) HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("the first") { upstream.count == 1 }
    let answer = try Self.get(gateway.client(), path)
    #expect(answer.body.utf8.count > 15_000_000)
    #expect(upstream.count == 2)
    withExtendedLifetime(slow) {}
  }

  // MARK: Invalidation (§4.4)

  @Test func `What is changed is not kept`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream)
    let client = try gateway.client()
    let path = Self.path("a", "max-age=60")
    let located = Self.path("b", "max-age=60")
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
      let first = try Self.get(client, path)
      #expect(try Self.get(client, path).body == first.body)
      let answer = try client.request(method, path, ["Content-Length: 0"])
      #expect(answer.fields["cache-status"] == "gatehouse; fwd=method")
      #expect(try Self.get(client, path).body != first.body)
    }
    // A failed change, and a safe method, change nothing.
    let kept = try Self.get(client, path)
    _ = try client.request("OPTIONS", path)
    upstream.fail(by: 500)
    #expect(try client.request("POST", path, ["Content-Length: 0"]).status == 500)
    upstream.fail(by: nil)
    #expect(try Self.get(client, path).body == kept.body)
    // What the answer names is forgotten too, on the same host.
    let other = try Self.get(client, located)
    let place = located.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    _ = try client.request("POST", "/new?f=Location:\(place)&s=201", ["Content-Length: 0"])
    #expect(try Self.get(client, located).body != other.body)
  }

  // MARK: Bounds

  @Test func `Memory stays within its bound, and what is used stays longest`() throws {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(upstream, cache: "{ size: 1MiB, response: 64KiB }")
    let client = try gateway.client()
    let size = "&size=20000"
    let hot = Self.path("hot", "max-age=600", size)
    let first = try Self.get(client, hot)
    for number in 0..<200 {
      _ = try Self.get(client, Self.path("cold\(number)", "max-age=600", size))
      #expect(try Self.get(client, hot).body == first.body)
    }
    let before = upstream.count
    for number in 0..<200 {
      _ = try Self.get(client, Self.path("cold\(number)", "max-age=600", size))
    }
    // No more than fifty of them have room.
    #expect(upstream.count - before > 140)
    let long = Self.path("long", "max-age=600", "&size=70000")
    for _ in 0..<2 {
      #expect(try Self.get(client, long).fields["cache-status"]?.contains("hit") == false)
    }
  }

  @Test func `A slow client of what is kept gets all of it, by both protocols and compressed`()
    throws
  {
    let upstream = try CacheUpstream()
    let gateway = try Self.start(
      upstream, cache: "{ size: 256MiB, response: 16MiB }", more: "{ compress: {} }, ",
      listener: "    http2: prior-knowledge")
    let path = Self.path("a", "max-age=600", "&size=6000000&f=Content-Type:text/plain")
    let whole = try Self.get(gateway.client(), path, ["Accept: */*"])
    #expect(whole.body.utf8.count > 6_000_000)
    for options in [
      ["--http1.1"], ["--http2-prior-knowledge"], ["--compressed"],
      ["--http2-prior-knowledge", "--compressed"],
    ] {
      let outcome = try Command.run(
        URL(filePath: "/usr/bin/curl"),
        ["-s", "-S", "--max-time", "30", "--limit-rate", "20M", "-H", "Host: api.test"] + options
          + ["http://127.0.0.1:\(gateway.port)\(path)"], in: gateway.folder)
      #expect(outcome.output == whole.body)
    }
    #expect(upstream.count == 1)
  }

  @Test func `An answer that breaks off, and one with trailers, is not kept`() throws {
    let upstream = try ScriptedUpstream(
      [
        "/cut": "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nabc",
        "/close": "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\nabc",
        "/trailer":
          "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\n0\r\nx-check: 1\r\n\r\n",
      ], closing: ["/cut", "/close"])
    let gateway = try RunningGateway(services: Self.services(upstream.port))
    for path in ["/cut", "/close", "/trailer"] {
      for _ in 0..<2 { _ = try? gateway.client().request("GET", path) }
      #expect(upstream.visits.filter { $0.path == path }.count == 2)
    }
  }
}
