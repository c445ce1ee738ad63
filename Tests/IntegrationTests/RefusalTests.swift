import Foundation
import Testing

/// What the gateway refuses itself.
@Suite(.serialized) struct RefusalTests {
  private func start(_ more: String = "") throws -> (RunningGateway, TestUpstream) {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port, more: more), rest: Services.consumers)
    return (gateway, upstream)
  }

  @Test func `A request without a key, or with a wrong one, is refused`() throws {
    let (gateway, upstream) = try start()
    let client = try gateway.client()
    let missing = try client.request("GET", "/orders")
    #expect(missing.status == 401)
    #expect(missing.problem == "credentials-required")
    #expect(missing.fields["www-authenticate"] != nil)
    for key in ["wrong", String(Services.key.dropLast()), Services.key + "x", Services.digest] {
      let wrong = try gateway.client().request("GET", "/orders", ["X-API-Key: \(key)"])
      #expect(wrong.status == 401)
      #expect(wrong.problem == "credentials-invalid")
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `A right key passes, and its owner is told to the upstream`() throws {
    let (gateway, upstream) = try start()
    let answer = try gateway.client().request(
      "GET", "/orders", ["X-API-Key: \(Services.key)", "X-Consumer-Id: admin"])
    #expect(answer.status == 200)
    #expect(answer.body.contains("\r\nx-consumer-id: mobile-app\r\n"))
    #expect(!answer.body.contains("admin"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Beyond the limit a caller is told when to come again`() throws {
    let (gateway, upstream) = try start("      - rate-limit: { limit: 3/hour, by: consumer }")
    let client = try gateway.client()
    var refused: [Answer] = []
    for _ in 0..<6 {
      let answer = try client.request("GET", "/", ["X-API-Key: \(Services.key)"])
      if answer.status != 200 { refused.append(answer) }
    }
    #expect(refused.count == 3)
    for answer in refused {
      #expect(answer.status == 429)
      #expect(answer.problem == "rate-limited")
      #expect(Int(answer.fields["retry-after"] ?? "") ?? 0 > 0)
    }
    withExtendedLifetime(upstream) {}
  }

  // What CL.0, TE.0 and 0.CL come to: refused early, cut short, or with 100-continue.
  // SMG-06, SMG-24.
  @Test func `What stands in content is never a request`() throws {
    let upstream = try ScriptedUpstream([:])
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port),
      rest: Services.consumers + "\nlimits: { body-rate-grace: 1s }", workers: 1)
    let hidden = "GET /hidden HTTP/1.1\r\nHost: api.test\r\nX-API-Key: \(Services.key)\r\n\r\n"
    let length = "Content-Length: \(hidden.utf8.count)"
    let key = "X-API-Key: \(Services.key)"
    func send(_ method: String, _ fields: [String], _ content: String) throws -> Client {
      let client = try gateway.client()
      let lines = ["\(method) /outer HTTP/1.1", "Host: api.test"] + fields
      try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + content)
      return client
    }
    for method in ["GET", "HEAD", "OPTIONS", "DELETE", "POST"] {
      // Refused for want of a key, with the content behind it.
      for fields in [
        [length], [length, "Expect: 100-continue"], ["Transfer-Encoding: chunked"],
      ] {
        let content =
          fields[0] == length
          ? hidden : String(hidden.utf8.count, radix: 16) + "\r\n\(hidden)\r\n0\r\n\r\n"
        let client = try send(method, fields, content)
        #expect(try client.answer(toHead: method == "HEAD").status == 401)
        _ = client.isClosed()
      }
      if method == "HEAD" { continue }
      // Let through: the content is the outer request's, and another behind it is one.
      let client = try send(method, [key, length], hidden)
      #expect(try client.answer().status == 200)
      #expect(try client.request("GET", "/next", [key]).body == "/next")
    }
    // Cut short: what was sent of it is lost, and what comes after is not taken for it.
    let half = try send("POST", [key, "Content-Length: 500"], hidden)
    #expect(half.isClosed())
    #expect(try gateway.client().request("GET", "/after", [key]).body == "/after")
    #expect(!upstream.visits.contains { $0.head.contains("get /hidden") })
    #expect(upstream.visits.count { $0.body == hidden } == 4)
  }

  // DOS-04.
  @Test func `Too much content is refused`() throws {
    let (gateway, upstream) = try start("      - body-limit: { size: 1KiB }")
    let answer = try gateway.client().request(
      "POST", "/", ["X-API-Key: \(Services.key)", "Content-Length: 2000"],
      body: String(repeating: "a", count: 2000))
    #expect(answer.status == 413)
    #expect(answer.problem == "content-too-large")
    withExtendedLifetime(upstream) {}
  }

  @Test func `A path that no route has is not found`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port, paths: "[/shop]"))
    for path in ["/", "/shops", "/shop/../admin", "/sho"] {
      let answer = try gateway.client().request("GET", path)
      #expect(answer.status == 404 || answer.status == 400)
    }
    #expect(try gateway.client().request("GET", "/other").problem == "not-found")
    #expect(try gateway.client().request("GET", "/shop/1").status == 200)
  }

  @Test(arguments: [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding:\u{0B}chunked",
    "Content-Length: +5",
    "X: 1\r\n folded",
  ])
  func `A doubtful frame is refused and its connection closed`(lines: String) throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port))
    let client = try gateway.client()
    try client.send(
      "POST / HTTP/1.1\r\nHost: api.test\r\n\(lines)\r\n\r\n0\r\n\r\n"
        + "GET /smuggled HTTP/1.1\r\nHost: api.test\r\n\r\n")
    let answer = try client.answer()
    #expect(answer.status >= 400)
    #expect(answer.problem != nil)
    #expect(client.isClosed())
    try Waiting.until("the log") { !gateway.accessLog.isEmpty }
    #expect(!gateway.accessLog.contains { $0.contains("smuggled") })
  }

  @Test func `A caller gets objects of its own, and no others`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.keyed(
        upstream.port,
        more: "      - access: { when: \"params.user == identity.name\" }\n"
          + "    routes: [{ paths: [\"/users/{user}\"] }]"), rest: Services.consumers)
    let key = "X-API-Key: \(Services.key)"
    #expect(try gateway.client().request("GET", "/users/mobile-app", [key]).status == 200)
    let other = try gateway.client().request("GET", "/users/other", [key])
    #expect(other.status == 403)
    #expect(other.problem == "access-denied")
    #expect(try gateway.client().request("GET", "/users/mobile-app").status == 401)
    withExtendedLifetime(upstream) {}
  }
}
