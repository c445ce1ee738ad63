import Crypto
import Formats
import Foundation
import JOSE
import Testing

/// Programs that get tokens for themselves, and what becomes of these.
@Suite(.serialized) struct ClientTokenTests {
  @Test func `The gateway takes its own tokens at once, with the roles of the client`() throws {
    let server = try IdentityServer()
    let token = try server.ownToken()
    #expect(try server.status("/orders", token) == 200)
    #expect(try server.status("/staff", token) == 200)
    let claims = try IdentityServer.claims(token)
    #expect(claims["iss"] as? String == Browser.origin)
    #expect(claims["sub"] as? String == "batch")
    #expect(claims["client_id"] as? String == "batch")
    #expect(Set(claims["aud"] as? [String] ?? []).contains(IdentityServer.audience))
    // A token for another API is none for this one.
    let other = try server.ownToken(scope: "stock:read")
    #expect(try IdentityServer.claims(other)["aud"] as? String == "https://stock.example.com")
    #expect(try server.status("/orders", other) == 401)
  }

  @Test func `A token for one resource permits what that resource has`() throws {
    let server = try IdentityServer()
    func ask(_ resource: String) throws -> Answer {
      try server.post(
        "/token", [("grant_type", "client_credentials"), ("resource", resource)], as: "batch")
    }
    let answer = try ask("https://stock.example.com")
    #expect(answer.object["scope"] as? String == "stock:read")
    #expect(try ask("https://else.example.com").error == "invalid_target")
    let form = [("grant_type", "client_credentials"), ("scope", "openid")]
    #expect(try server.post("/token", form, as: "batch").error == "invalid_scope")
  }

  @Test func `A client is known by the one way that it is registered for`() throws {
    let server = try IdentityServer()
    let grant = ("grant_type", "client_credentials")
    let id = ("client_id", "batch")
    let secret = ("client_secret", IdentityServer.secret)
    let wrong = try Browser(server.gateway.port).post(
      "/token", [grant], [IdentityServer.basic("batch", "wrong")])
    #expect(wrong.status == 401)
    #expect(wrong.error == "invalid_client")
    #expect(wrong.fields["www-authenticate"]?.hasPrefix("Basic") == true)
    #expect(wrong.fields["cache-control"] == "no-store")
    // Registered for Basic, not for the form; two ways at once; none at all; nobody's name.
    #expect(try server.post("/token", [grant, id, secret]).error == "invalid_client")
    #expect(try server.post("/token", [grant, secret], as: "batch").error == "invalid_request")
    #expect(try server.post("/token", [grant, id]).error == "invalid_client")
    #expect(try server.post("/token", [grant], as: "nobody").error == "invalid_client")
    #expect(try server.post("/token", [grant]).error == "invalid_client")
    let twice = [grant, grant]
    #expect(try server.post("/token", twice, as: "batch").error == "invalid_request")
    let type = [("grant_type", "password"), ("username", "ann"), ("password", "x")]
    #expect(try server.post("/token", type, as: "batch").error == "unsupported_grant_type")
    #expect(try server.post("/token", [grant], as: "web").error == "unauthorized_client")
    let answer = try server.browser().get("/token")
    #expect(answer.status == 405)
  }

  /// A client with a key of its own, whose public part stands in a file.
  private func keyed() throws -> (IdentityServer, PrivateKey) {
    let key = try PrivateKey.generateP256()
    let members = try #require(JSONWebKey.members(of: try key.publicKey()))
    let set = JSONValue.object([JSONMember("keys", .array([.object(members)]))])
    let path = FileManager.default.temporaryDirectory.appending(path: "jwks-\(UUID()).json")
    try Data(set.serialized.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let server = try IdentityServer(
      more: """
            - id: robot
              jwks: \(path.path)
              grants: [client_credentials]
              scopes: ["orders:read"]
        """)
    return (server, key)
  }

  private func assertion(
    _ key: PrivateKey, _ changes: [String: Any] = [:]
  ) throws -> String {
    let now = Int(Date().timeIntervalSince1970)
    var claims: [String: Any] = [
      "iss": "robot", "sub": "robot", "aud": Browser.origin, "jti": UUID().uuidString,
      "iat": now, "exp": now + 60,
    ]
    for (name, value) in changes { claims[name] = value }
    let writer = try SignatureWriter(
      JSONWebKey(.keyPair(key, try key.publicKey())), .es256)
    return try writer.sign(Array(JSONSerialization.data(withJSONObject: claims)))
  }

  private func ask(_ server: IdentityServer, _ assertion: String) throws -> Answer {
    try server.post(
      "/token",
      [
        ("grant_type", "client_credentials"), ("client_assertion", assertion),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
      ])
  }

  @Test func `An assertion shows a client once, and only if every claim is right`() throws {
    let (server, key) = try keyed()
    let good = try assertion(key)
    #expect(try ask(server, good).status == 200)
    #expect(try ask(server, good).error == "invalid_client")
    let now = Int(Date().timeIntervalSince1970)
    let wrong: [[String: Any]] = [
      ["aud": "https://else.example.com"], ["exp": now - 300], ["nbf": now + 600],
      ["sub": "web"], ["iss": "web"], ["jti": ""], ["exp": now + 86_400],
    ]
    for changes in wrong {
      #expect(try ask(server, assertion(key, changes)).error == "invalid_client", "\(changes)")
    }
    let another = try assertion(PrivateKey.generateP256())
    #expect(try ask(server, another).error == "invalid_client")
    #expect(try ask(server, assertion(key, ["nbf": now + 8])).status == 200)
  }

  @Test func `A token that was given back is refused everywhere`() throws {
    let server = try IdentityServer()
    let token = try server.ownToken()
    let form = [("token", token)]
    #expect(try server.post("/introspect", form, as: "batch").object["active"] as? Bool == true)
    // Nobody else gives it back, and nobody is told so (RFC 7009 §2.2).
    #expect(try server.post("/revoke", form, as: "web").status == 200)
    #expect(try server.status("/orders", token) == 200)
    #expect(try server.post("/revoke", form, as: "batch").status == 200)
    let answer = try server.post("/introspect", form, as: "batch")
    #expect(answer.object["active"] as? Bool == false)
    #expect(answer.object.count == 1)
    let start = Date()
    try Waiting.until("the revocation") { (try? server.status("/orders", token)) == 401 }
    #expect(Date().timeIntervalSince(start) < 1)
    #expect(try server.post("/introspect", form).error == "invalid_client")
    let junk = [("token", "junk")]
    #expect(try server.post("/introspect", junk, as: "web").object["active"] as? Bool == false)
    #expect(try server.post("/revoke", junk, as: "web").status == 200)
  }

  @Test func `oidcc-discovery-endpoint-verification: the documents say what there is`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let answer = try browser.get("/.well-known/openid-configuration")
    #expect(answer.status == 200)
    #expect(answer.fields["content-type"] == "application/json")
    let document = answer.object
    #expect(document["issuer"] as? String == Browser.origin)
    #expect(document["response_types_supported"] as? [String] == ["code"])
    #expect(document["code_challenge_methods_supported"] as? [String] == ["S256"])
    #expect((document["scopes_supported"] as? [String])?.contains("openid") == true)
    #expect((document["id_token_signing_alg_values_supported"] as? [String])?[0] == "RS256")
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
      #expect((document[name] as? String)?.hasPrefix(Browser.origin + "/") == true)
    }
    let other = try browser.get("/.well-known/oauth-authorization-server")
    #expect(other.body == answer.body)
    let keys = try browser.get("/jwks.json").object["keys"] as? [[String: Any]] ?? []
    #expect(Set(keys.compactMap { $0["alg"] as? String }) == ["ES256", "RS256"])
    for key in keys {
      #expect(key["d"] == nil && key["p"] == nil && key["kid"] != nil)
      #expect(key["use"] as? String == "sig")
    }
  }
}
