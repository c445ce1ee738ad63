import Crypto
import Formats
import Foundation
import JOSE
import Testing

/// Tokens through the real gateway, with the issuer's keys from the issuer.
@Suite(.serialized) struct TokenTests {
  private static func key(_ name: String) throws -> (key: JSONWebKey, json: String) {
    let secret = try SecureRandom.bytes(32)
    let pair = try PrivateKey(curve: .ed25519, bytes: secret.span)
    let known = try #require(pair.rawPublicBytes)
    let x = Base64.encode(known.span)
    return (
      JSONWebKey(.keyPair(pair, try pair.publicKey()), identifier: name),
      #"{"kty":"OKP","crv":"Ed25519","kid":"\#(name)","x":"\#(x)"}"#
    )
  }

  private static func token(_ key: JSONWebKey, _ more: String = "") throws -> String {
    let expiry = Int(Date().timeIntervalSince1970) + 600
    let claims =
      #"{"iss":"https://id.example","aud":"shop","sub":"carol","exp":\#(expiry)\#(more)}"#
    return try SignatureWriter(key, .eddsa).sign(Array(claims.utf8))
  }

  private static func answer(_ content: String, status: String = "200 OK", more: String = "")
    -> String
  {
    "HTTP/1.1 \(status)\r\ncontent-length: \(content.utf8.count)\r\n\(more)\r\n\(content)"
  }

  private func services(_ upstream: UInt16, _ issuer: UInt16, _ path: String) -> String {
    """
      - name: tokens
        upstreams: [http://127.0.0.1:\(upstream)]
        policies:
          - jwt:
              issuer: https://id.example
              audience: shop
              jwks: http://127.0.0.1:\(issuer)\(path)
    """
  }

  @Test func `The issuer's keys are there when the gateway is ready`() throws {
    let (key, json) = try TokenTests.key("a")
    let issuer = try ScriptedUpstream(["/keys": TokenTests.answer("{\"keys\":[\(json)]}")])
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port, issuer.port, "/keys"))
    let client = try gateway.client()
    let good = try TokenTests.token(key)
    for _ in 0..<3 {
      let answer = try client.request("GET", "/x", ["Authorization: Bearer \(good)"])
      #expect(answer.status == 200)
      #expect(answer.body.contains("x-consumer-id: carol"))
      #expect(!answer.body.contains("authorization"))
    }
    let forged = try client.request(
      "GET", "/x", ["Authorization: Bearer \(good)", "X-Consumer-Id: root"])
    #expect(!forged.body.contains("root"))
    #expect(try client.request("GET", "/x").problem == "credentials-required")
    withExtendedLifetime(upstream) {}
  }

  // JWT-13, DOS-16: one fetch at the start, and none for what tokens say.
  @Test func `No token makes the gateway ask the issuer again`() throws {
    let (_, json) = try TokenTests.key("a")
    let issuer = try ScriptedUpstream(["/keys": TokenTests.answer("{\"keys\":[\(json)]}")])
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port, issuer.port, "/keys"))
    let client = try gateway.client()
    for number in 0..<200 {
      let (other, _) = try TokenTests.key("k\(number)")
      let answer = try client.request(
        "GET", "/x", ["Authorization: Bearer \(try TokenTests.token(other))"])
      #expect(answer.problem == "credentials-invalid")
    }
    #expect(issuer.visits.count == 1)
    try Waiting.until("the log") { gateway.accessLog.count == 200 }
    #expect(gateway.accessLog.allSatisfy { "\($0)".contains("no key of that name") })
    withExtendedLifetime(upstream) {}
  }

  @Test func `An issuer that sends on, or sends nonsense, has no keys`() throws {
    let (key, json) = try TokenTests.key("a")
    let set = TokenTests.answer("{\"keys\":[\(json)]}")
    let upstream = try TestUpstream()
    let good = try TokenTests.token(key)
    let large = "{\"keys\":[\(json)]}" + String(repeating: " ", count: 300_000)
    let answers = [
      TokenTests.answer("", status: "302 Found", more: "location: /keys\r\n"),
      TokenTests.answer("<html>"), TokenTests.answer("", status: "500 Oops"),
      TokenTests.answer(large),
    ]
    for answer in answers {
      let issuer = try ScriptedUpstream(["/first": answer, "/keys": set])
      let gateway = try RunningGateway(services: services(upstream.port, issuer.port, "/first"))
      let refused = try gateway.client().request("GET", "/x", ["Authorization: Bearer \(good)"])
      #expect(refused.status == 503)
      #expect(issuer.visits.map(\.path) == ["/first"])
      #expect(gateway.messages.contains("/first: "))
    }
    withExtendedLifetime(upstream) {}
  }
}
