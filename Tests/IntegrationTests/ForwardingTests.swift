import Foundation
import Testing

/// What goes through the gateway, to the upstream and back.
@Suite(.serialized) struct ForwardingTests {
  private func start() throws -> (RunningGateway, TestUpstream) {
    let upstream = try TestUpstream()
    return (try RunningGateway(services: Services.open(upstream.port)), upstream)
  }

  @Test func `A request reaches the upstream with the address of its client`() throws {
    let (gateway, upstream) = try start()
    let answer = try gateway.client().request("GET", "/orders?page=2")
    #expect(answer.status == 200)
    #expect(answer.body.hasPrefix("get /orders?page=2 http/1.1\r\n"))
    #expect(answer.body.contains("\r\nx-forwarded-for: 127.0.0.1\r\n"))
    withExtendedLifetime(upstream) {}
  }

  // NRM-15, NRM-16.
  @Test func `Nobody says who they are by a field, however it is written`() throws {
    let (gateway, upstream) = try start()
    let names = [
      "X-Consumer-Id", "x-consumer-name", "X-CONSUMER-ROLES", "X.Consumer.Name", "X_Consumer_Id",
      "X-Consumer_Id", "X~User~Id", "X-User-Email", "x.user-id", "X|Consumer|Id", "X-User-",
    ]
    let answer = try gateway.client().request(
      "GET", "/", names.map { "\($0): root" } + ["X-Users: kept", "Y-Consumer-Id: kept"])
    #expect(answer.status == 200)
    #expect(!answer.body.contains("root"))
    #expect(answer.body.contains("x-users: kept"))
    #expect(answer.body.contains("y-consumer-id: kept"))
    withExtendedLifetime(upstream) {}
  }

  // SMG-25.
  @Test func `A connection for each request is made if none is kept`() throws {
    let upstream = try ScriptedUpstream([:])
    let gateway = try RunningGateway(
      services: Services.open(upstream.port) + "\n    keep-alive: { idle-max: 0 }", workers: 1)
    let client = try gateway.client()
    for path in ["/a", "/b", "/c"] { #expect(try client.request("GET", path).body == path) }
    #expect(Set(upstream.visits.map(\.connection)).count == 3)
  }

  @Test func `A body with a length arrives whole`() throws {
    let (gateway, upstream) = try start()
    let body = String(repeating: "0123456789", count: 30_000)
    let answer = try gateway.client().request(
      "POST", "/orders", ["Content-Length: \(body.utf8.count)"], body: body)
    #expect(answer.status == 200)
    #expect(answer.body.hasSuffix("\r\n\r\n" + body))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A body larger than every buffer on its way arrives whole and comes back`() throws {
    let (gateway, upstream) = try start()
    let body = String(repeating: "0123456789", count: 1_200_000)
    let answer = try gateway.client().request(
      "POST", "/orders", ["Content-Length: \(body.utf8.count)"], body: body)
    #expect(answer.status == 200)
    #expect(answer.body.hasSuffix("\r\n\r\n" + body))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A chunked body arrives whole, and its connection goes on`() throws {
    let (gateway, upstream) = try start()
    let client = try gateway.client()
    let first = try client.request(
      "POST", "/orders", ["Transfer-Encoding: chunked"],
      body: "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n")
    #expect(first.body.hasSuffix("\r\n\r\nhello world"))
    #expect(try client.request("GET", "/next").status == 200)
    withExtendedLifetime(upstream) {}
  }

  @Test func `An answer to HEAD has no body, and its connection goes on`() throws {
    let (gateway, upstream) = try start()
    let client = try gateway.client()
    let head = try client.request("HEAD", "/orders")
    #expect(head.status == 200)
    #expect(head.fields["content-length"] != nil)
    #expect(try client.request("GET", "/next").body.hasPrefix("get /next "))
    withExtendedLifetime(upstream) {}
  }

  // SMG-18.
  @Test func `Requests sent at once are answered in their order`() throws {
    let (gateway, upstream) = try start()
    let client = try gateway.client()
    try client.send(
      (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: api.test\r\n\r\n" }.joined())
    for number in 0..<20 {
      #expect(try client.answer().body.hasPrefix("get /\(number) "))
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `A client that waits for 100 is told to go on`() throws {
    let (gateway, upstream) = try start()
    let client = try gateway.client()
    try client.send(
      "POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    // The body is sent at once, as clients may (RFC 9110 §10.1.1), so that no one waits for long.
    try client.send("hello")
    #expect(try client.answer().body.hasSuffix("hello"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A trace is passed on if it is told in one valid field, else it ends here`() throws {
    let (gateway, upstream) = try start()
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    let client = try gateway.client()
    let fields = ["Traceparent: \(good)", "Tracestate: a=b"]
    let passed = try client.request("GET", "/", fields)
    #expect(passed.body.contains("\r\ntraceparent: \(good)\r\n"))
    #expect(passed.body.contains("\r\ntracestate: a=b\r\n"))
    for wrong in [["Traceparent: 00-0-0-01"], ["Traceparent: \(good)", "Traceparent: \(good)"]] {
      let answer = try client.request("GET", "/", wrong + ["Tracestate: a=b"])
      #expect(answer.status == 200)
      #expect(!answer.body.contains("trace"))
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `Who a caller claims to be is not passed on`() throws {
    let (gateway, upstream) = try start()
    let answer = try gateway.client().request("GET", "/", ["X-Consumer-Id: admin"])
    #expect(answer.status == 200)
    #expect(!answer.body.contains("admin"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `An upstream that breaks off or talks nonsense is a bad gateway`() throws {
    let (gateway, upstream) = try start()
    for path in ["/breaks", "/garbage"] {
      let answer = try gateway.client().request("GET", path)
      #expect(answer.status == 502)
      #expect(answer.problem == "bad-gateway")
    }
    #expect(try gateway.client().request("GET", "/after").status == 200)
    withExtendedLifetime(upstream) {}
  }

  @Test func `An upstream that is down is told in a problem`() throws {
    let gateway = try RunningGateway(services: Services.open(try Socket.freePort()))
    let answer = try gateway.client().request("GET", "/")
    #expect(answer.status == 502 || answer.status == 503)
    #expect(answer.problem != nil)
  }
}
