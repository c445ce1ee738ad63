import Crypto
import Formats
import Foundation
import JOSE
import Testing

/// Servers whose certificates are of an authority that the system does not know.
@Suite(.serialized) struct AuthorityTests {
  private func answer(_ content: String) -> String {
    "HTTP/1.1 200 OK\r\ncontent-length: \(content.utf8.count)\r\n\r\n\(content)"
  }

  @Test func `A server is asked if its certificate is of the authority that is named`() throws {
    let authority = try TestAuthority()
    let server = try ScriptedUpstream([
      "/introspect": answer(#"{"active":true,"aud":"shop","sub":"carol"}"#),
      "/v1/data/yes": answer(#"{"result":true}"#),
    ])
    let front = try SecureFront(authority, before: server.port)
    let upstream = try TestUpstream()
    func service(_ name: String, _ more: String) -> String {
      """
        - name: \(name)
          upstreams: [http://127.0.0.1:\(upstream.port)]
          routes: [{ paths: ["/\(name)"] }]
          policies:
            - introspection: { url: "\(front.url)/introspect", client-id: g, client-secret: s,
                audience: shop\(more) }
            - authorizer: { type: opa, url: "\(front.url)/v1/data/yes"\(more) }
      """
    }
    let named = ", authority: \"\(authority.path("ca.pem"))\""
    let gateway = try RunningGateway(services: service("named", named) + "\n" + service("not", ""))
    let client = try gateway.client()
    let token = "Authorization: Bearer opaque"
    let right = try client.request("GET", "/named", [token])
    #expect(right.status == 200, "\(right.body) \(gateway.messages)")
    #expect(right.body.contains("x-consumer-id: carol"))
    #expect(try client.request("GET", "/not", [token]).problem == "upstream-unavailable")
    func needs(_ policy: String, _ result: String) throws -> Double? {
      try gateway.metric(
        "gatehouse_policy_needs_total{policy=\"\(policy)\",result=\"\(result)\"}")
    }
    #expect(try needs("introspection", "met") == 1)
    #expect(try needs("introspection", "failed") == 1)
    #expect(try needs("authorizer", "met") == 1)
    #expect(try needs("authorizer", "failed") == 0)
    withExtendedLifetime(front) {}
    withExtendedLifetime(upstream) {}
  }

  @Test func `An issuer's keys are fetched from a server of the authority that is named`() throws {
    let authority = try TestAuthority()
    let secret = try SecureRandom.bytes(32)
    let pair = try PrivateKey(curve: .ed25519, bytes: secret.span)
    let known = try #require(pair.rawPublicBytes)
    let x = Base64.encode(known.span)
    let server = try ScriptedUpstream([
      "/keys": answer(#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"\#(x)"}]}"#)
    ])
    let front = try SecureFront(authority, before: server.port)
    let upstream = try TestUpstream()
    func service(_ name: String, _ more: String) -> String {
      """
        - name: \(name)
          upstreams: [http://127.0.0.1:\(upstream.port)]
          routes: [{ paths: ["/\(name)"] }]
          policies:
            - jwt: { issuer: i, audience: a, jwks: "\(front.url)/keys"\(more) }
      """
    }
    let named = ", authority: \"\(authority.path("ca.pem"))\""
    let gateway = try RunningGateway(services: service("named", named) + "\n" + service("not", ""))
    let key = JSONWebKey(.keyPair(pair, try pair.publicKey()), identifier: "k")
    let end = Int(Date().timeIntervalSince1970) + 600
    let token = try SignatureWriter(key, .eddsa).sign(
      Array(#"{"iss":"i","aud":"a","sub":"carol","exp":\#(end)}"#.utf8))
    let client = try gateway.client()
    let shown = "Authorization: Bearer \(token)"
    #expect(try client.request("GET", "/named", [shown]).status == 200, "\(gateway.messages)")
    #expect(try client.request("GET", "/not", [shown]).problem == "upstream-unavailable")
    withExtendedLifetime(front) {}
    withExtendedLifetime(upstream) {}
  }

  @Test func `Commands reach an admin listener whose authority they are told`() throws {
    let authority = try TestAuthority()
    let gateway = try RunningGateway(
      services: Services.open(9), rest: "store: { sqlite: gatehouse.db }")
    let admin = try AdminClient(settingUp: gateway)
    let front = try SecureFront(authority, before: gateway.adminPort)
    func run(_ more: [String], _ environment: [String: String] = [:]) throws -> (Int32, String) {
      let done = try Command.run(
        RunningGateway.binary, ["consumers", "list", "--admin", front.url] + more,
        in: gateway.folder,
        environment: environment.merging(["GATEHOUSE_TOKEN": admin.token]) { $1 })
      return (done.status, done.output)
    }
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let file = authority.path("ca.pem")
    let right = try run(["--ca", file])
    #expect(right.0 == 0 && right.1.contains("shop"), "\(right)")
    #expect(try run([], ["GATEHOUSE_CA": file]).0 == 0)
    #expect(try run([]).0 == 1)
    let missing = try run(["--ca", "nowhere.pem"])
    #expect(missing.0 == 1 && missing.1.contains("nowhere.pem"))
    withExtendedLifetime(front) {}
  }
}
