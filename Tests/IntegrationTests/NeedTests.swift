import Foundation
import Testing

/// Policies that ask others, through the real gateway.
@Suite(.serialized) struct NeedTests {
  private static func answer(_ content: String, status: String = "200 OK", more: String = "")
    -> String
  {
    "HTTP/1.1 \(status)\r\ncontent-length: \(content.utf8.count)\r\n\(more)\r\n\(content)"
  }

  private func introspecting(_ upstream: UInt16, _ issuer: UInt16, _ path: String) -> String {
    """
      - name: tokens
        upstreams: [http://127.0.0.1:\(upstream)]
        policies:
          - introspection:
              url: http://127.0.0.1:\(issuer)\(path)
              client-id: gatehouse
              client-secret: s3cret
              audience: shop
    """
  }

  @Test func `A token is asked about once, and then known`() throws {
    let active = #"{"active":true,"aud":"shop","sub":"carol"}"#
    let issuer = try ScriptedUpstream(["/introspect": NeedTests.answer(active)])
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: introspecting(upstream.port, issuer.port, "/introspect"), workers: 1)
    let client = try gateway.client()
    for number in 0..<5 {
      let answer = try client.request(
        "POST", "/x", ["Authorization: Bearer opaque", "Content-Length: 5"], body: "hell\(number)")
      #expect(answer.status == 200)
      #expect(answer.body.contains("x-consumer-id: carol"))
      #expect(answer.body.hasSuffix("hell\(number)"))
      #expect(!answer.body.contains("authorization"))
    }
    #expect(issuer.visits.count == 1)
    let visit = try #require(issuer.visits.first)
    #expect(visit.head.contains("post /introspect http/1.1"))
    #expect(visit.head.contains("authorization: basic z2f0zwhvdxnlonmzy3jlda=="))
    #expect(visit.body == "token=opaque&token_type_hint=access_token")
    withExtendedLifetime(upstream) {}
  }

  @Test func `An issuer that is gone, slow or wrong lets nobody in`() throws {
    let upstream = try TestUpstream()
    let gone = try Socket.freePorts().0
    let issuer = try ScriptedUpstream([
      "/off": NeedTests.answer(#"{"active":false}"#), "/nonsense": NeedTests.answer("<html>"),
      "/moved": NeedTests.answer("", status: "302 Found", more: "location: /on\r\n"),
      "/on": NeedTests.answer(#"{"active":true,"aud":"shop"}"#),
      "/large": NeedTests.answer(String(repeating: " ", count: 70_000)),
    ])
    for (port, path, wanted) in [
      (gone, "/x", 503), (issuer.port, "/off", 401), (issuer.port, "/nonsense", 503),
      (issuer.port, "/moved", 503), (issuer.port, "/large", 503), (issuer.port, "/on", 200),
    ] {
      let gateway = try RunningGateway(services: introspecting(upstream.port, port, path))
      let answer = try gateway.client().request("GET", "/x", ["Authorization: Bearer opaque"])
      #expect(answer.status == wanted, "\(path)")
      if wanted == 503 {
        try Waiting.until("a message") { gateway.messages.contains("\(path): ") }
      }
    }
    withExtendedLifetime(upstream) {}
  }

  /// A scripted server that speaks the REST API of Open Policy Agent.
  @Test func `An authorizer decides, and is told why a request is refused`() throws {
    let agent = try ScriptedUpstream([
      "/v1/data/yes": NeedTests.answer(#"{"result":true}"#),
      "/v1/data/no": NeedTests.answer(#"{"result":{"allow":false,"reason":"not on sundays"}}"#),
    ])
    let upstream = try TestUpstream()
    func service(_ name: String) -> String {
      """
        - name: \(name)
          upstreams: [http://127.0.0.1:\(upstream.port)]
          routes: [{ paths: ["/\(name)"] }]
          policies:
            - api-key: {}
            - authorizer: { type: opa, url: "http://127.0.0.1:\(agent.port)/v1/data/\(name)" }
      """
    }
    let gateway = try RunningGateway(
      services: service("yes") + "\n" + service("no"), rest: Services.consumers)
    let client = try gateway.client()
    let key = "X-API-Key: \(Services.key)"
    #expect(try client.request("GET", "/yes", [key]).status == 200)
    let refused = try client.request("GET", "/no", [key])
    #expect(refused.problem == "access-denied")
    #expect(!refused.body.contains("sundays"))
    #expect(try client.request("GET", "/yes").problem == "credentials-required")
    #expect(agent.visits.map(\.path) == ["/v1/data/yes", "/v1/data/no"])
    #expect(agent.visits[0].body.contains(#""name":"mobile-app""#))
    try Waiting.until("the log") { gateway.accessLog.count == 3 }
    #expect(gateway.accessLog[1].contains("not on sundays"))
    let explained = try Command.run(
      RunningGateway.binary, ["explain", "--ask", "--header", key, "/no"], in: gateway.folder)
    #expect(explained.output.contains("deny access-denied"))
    #expect(explained.output.contains("not on sundays"))
    let unasked = try Command.run(
      RunningGateway.binary, ["explain", "--header", key, "/no"], in: gateway.folder)
    #expect(unasked.status == 1)
    #expect(unasked.output.contains("authorizer (authorization): wait for http://127.0.0.1"))
    withExtendedLifetime(upstream) {}
  }
}
