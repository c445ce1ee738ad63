import Foundation
import Testing

/// What upstreams answer, rightly and wrongly.
@Suite(.serialized) struct UpstreamResponseTests {
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"

  private func start(
    _ answers: [String: String], closing: Set<String> = []
  ) throws -> (RunningGateway, ScriptedUpstream) {
    let upstream = try ScriptedUpstream(answers, closing: closing)
    // One worker, so that a kept connection is sure to be the one that is used next.
    let gateway = try RunningGateway(services: Services.open(upstream.port), workers: 1)
    return (gateway, upstream)
  }

  // SMG-11.
  @Test func `Trailers reach a client that takes them, and no other`() throws {
    let (gateway, upstream) = try start([
      "/call": UpstreamResponseTests.chunked
        + "\r\n5\r\nhello\r\n0\r\ngrpc-status: 0\r\nX-Consumer-Id: root\r\nContent-Length: 9\r\n\r\n"
    ])
    let client = try gateway.client()
    #expect(try client.request("GET", "/call", ["TE: gzip;q=0, Trailers"]).body == "hello")
    #expect(client.trailers == ["grpc-status: 0"])
    #expect(try client.request("GET", "/call").body == "hello")
    #expect(client.trailers == [])
    #expect(upstream.visits[0].head.contains("\r\nte: trailers\r\nconnection: te"))
    #expect(!upstream.visits[1].head.contains("\r\nte:"))
    #expect(upstream.visits[0].connection == upstream.visits[1].connection)
  }

  // SMG-07.
  @Test func `The gateway says when content is wanted, and the upstream is not asked`() throws {
    let upstream = try ScriptedUpstream([
      "/again": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    ])
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port), rest: Services.consumers, workers: 1)
    let client = try gateway.client()
    let head = "HTTP/1.1\r\nHost: api.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
    for path in ["/first", "/again"] {
      try client.send("POST \(path) \(head)X-API-Key: \(Services.key)\r\n\r\n")
      #expect(try client.awaitInterim() == 100)
      try client.send("hello")
      #expect(try client.answer().status == 200)
    }
    #expect(client.interim == [100, 100])
    #expect(upstream.visits.map(\.body) == ["hello", "hello"])
    #expect(!upstream.visits.contains { $0.head.contains("expect") })
    // Who is refused is not asked for content first.
    try client.send("POST /third \(head)\r\n")
    #expect(try client.answer().status == 401)
    #expect(client.interim == [100, 100])
    #expect(upstream.visits.count == 2)
  }

  // SMG-17.
  @Test func `Interim responses end with the exchange, and too many are a fault`() throws {
    let one = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    let end = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    let (gateway, upstream) = try start([
      "/some": String(repeating: one, count: 8) + end,
      "/flood": String(repeating: one, count: 9) + end,
      "/switch": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
      "/content": "HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\nabc" + end,
    ])
    let client = try gateway.client()
    #expect(try client.request("GET", "/some").body == "ok")
    #expect(client.interim == [])
    for path in ["/flood", "/switch", "/content"] {
      #expect(try client.request("GET", path).problem == "bad-gateway")
      #expect(try client.request("GET", path + "/next").body == path + "/next")
      #expect(upstream.connection(path) != upstream.connection(path + "/next"))
    }
  }

  // SSR-08.
  @Test func `A head over the limits is a bad gateway`() throws {
    let end = "Content-Length: 2\r\n\r\nok"
    let fields = { (count: Int) in (0..<count).map { "A\($0): b\r\n" }.joined() }
    let (gateway, upstream) = try start([
      "/many": "HTTP/1.1 200 OK\r\n" + fields(199) + end,
      "/more": "HTTP/1.1 200 OK\r\n" + fields(200) + end,
      "/long": "HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 60_000))\r\n" + end,
      "/longer": "HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 70_000))\r\n" + end,
      "/line": "HTTP/1.1 200 \(String(repeating: "a", count: 70_000))\r\n" + end,
    ])
    let client = try gateway.client()
    for path in ["/many", "/long"] { #expect(try client.request("GET", path).body == "ok") }
    for path in ["/more", "/longer", "/line"] {
      #expect(try client.request("GET", path).problem == "bad-gateway")
      #expect(try client.request("GET", path + "/next").status == 200)
      #expect(upstream.connection(path) != upstream.connection(path + "/next"))
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    "HTTP/1.1 200 OK\nA: b\n\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 099 No\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
  ])
  func `An ambiguous head is a bad gateway, and its connection ends`(answer: String) throws {
    let (gateway, upstream) = try start(["/bad": answer])
    let client = try gateway.client()
    #expect(try client.request("GET", "/before").status == 200)
    #expect(try client.request("POST", "/bad").problem == "bad-gateway")
    #expect(try client.request("GET", "/after").body == "/after")
    #expect(upstream.connection("/before") == upstream.connection("/bad"))
    #expect(upstream.connection("/bad") != upstream.connection("/after"))
  }

  @Test(arguments: [
    "2\r\nab\r\nx\r\n", "2\r\nabc\r\n0\r\n\r\n", "2\nab\n0\n\n", "+2\r\nab\r\n0\r\n\r\n",
    "2\r\nab\r\n0\r\nContent Length: 3\r\n\r\n",
  ])
  func `A broken chunk breaks the client's connection off`(chunks: String) throws {
    let (gateway, upstream) = try start(["/bad": UpstreamResponseTests.chunked + "\r\n" + chunks])
    let client = try gateway.client()
    // The head may be out before the fault is seen: then the response must not look whole.
    let answer = try? client.request("GET", "/bad")
    #expect(answer == nil || answer?.problem == "bad-gateway")
    if answer == nil { #expect(client.isClosed()) }
    #expect(try gateway.client().request("GET", "/after").body == "/after")
    #expect(upstream.connection("/bad") != upstream.connection("/after"))
  }

  // SMG-19, SMG-20: RFC 9112 §6.3.
  @Test(arguments: [
    ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    ("GET", "HTTP/1.1 204 No Content\r\n\r\nhello"),
    ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"),
    ("GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"),
  ])
  func `Content where there can be none is a bad gateway`(method: String, answer: String) throws {
    let (gateway, upstream) = try start(["/bad": answer])
    let client = try gateway.client()
    #expect(try client.request(method, "/bad").status == 502)
    for _ in 0..<3 { #expect(try client.request("GET", "/after").body == "/after") }
    #expect(upstream.connection("/bad") != upstream.connection("/after"))
  }

  // SMG-19, SMG-20.
  @Test(arguments: [
    ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
    ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
  ])
  func `An answer without content keeps its connection`(method: String, answer: String) throws {
    let (gateway, upstream) = try start(["/good": answer])
    let client = try gateway.client()
    let good = try client.request(method, "/good")
    #expect(good.status < 300)
    if method == "HEAD" { #expect(good.fields["content-length"] == "5") }
    #expect(try client.request("GET", "/after").body == "/after")
    #expect(upstream.connection("/good") == upstream.connection("/after"))
  }

  // SMG-19, SMG-20.
  @Test(arguments: [
    ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nevil"),
    ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nevil"),
  ])
  func `What stands behind a response is nobody's answer`(method: String, answer: String) throws {
    let (gateway, upstream) = try start(["/bad": answer])
    let client = try gateway.client()
    let bad = try client.request(method, "/bad")
    #expect(bad.status < 400)
    #expect(!bad.body.contains("hello") && !bad.body.contains("evil"))
    for _ in 0..<3 { #expect(try client.request("GET", "/after").body == "/after") }
    #expect(upstream.connection("/bad") != upstream.connection("/after"))
  }

  @Test func `A response cut in the middle does not look whole`() throws {
    let (gateway, upstream) = try start(
      [
        "/length": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "/chunks": UpstreamResponseTests.chunked + "\r\n5\r\nhello\r\n",
        "/end": "HTTP/1.1 200 OK\r\n\r\nhello",
      ], closing: ["/length", "/chunks", "/end"])
    for path in ["/length", "/chunks"] {
      let client = try gateway.client()
      let answer = try? client.request("GET", path)
      #expect(answer == nil || answer?.problem == "bad-gateway")
    }
    // Content that ends with the connection is framed anew for the client.
    let client = try gateway.client()
    #expect(try client.request("GET", "/end").body == "hello")
    #expect(try client.request("GET", "/after").body == "/after")
    withExtendedLifetime(upstream) {}
  }
}
