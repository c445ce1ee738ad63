import Crypto
import Formats
import Foundation
import JOSE
import Testing

/// Devices, exchanged tokens, and tokens that are bound to a key.
@Suite(.serialized) struct OtherGrantTests {
  private static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

  private func server() throws -> IdentityServer {
    let digest = SHA256Hasher().hash(IdentityServer.secret.utf8.span).hex
    return try IdentityServer(
      more: """
            - id: television
              grants: [device_code, refresh_token]
              scopes: [openid, "orders:read"]
            - id: shop-api
              secrets: ["sha256:\(digest)"]
              grants: [token_exchange]
              audiences: ["\(IdentityServer.audience)"]
              scopes: ["stock:read"]
            - id: other-api
              secrets: ["sha256:\(digest)"]
              grants: [token_exchange]
              audiences: ["https://stock.example.com"]
              scopes: ["orders:read"]
            - id: bound
              redirect-uris: ["\(IdentityServer.callback)"]
              scopes: [openid, profile, "orders:read"]
              require-dpop: true
              trusted: true
        """)
  }

  @Test func `A device gets its tokens once its user has allowed it, and once`() throws {
    let server = try server()
    func begin() throws -> [String: Any] {
      try server.post(
        "/device-authorization", [("client_id", "television"), ("scope", "openid orders:read")]
      ).object
    }
    func poll(_ code: String, as client: String = "television") throws -> Answer {
      try server.post(
        "/token",
        [
          ("grant_type", OtherGrantTests.deviceGrant), ("client_id", client),
          ("device_code", code),
        ])
    }
    let asked = try begin()
    let code = try #require(asked["device_code"] as? String)
    let userCode = try #require(asked["user_code"] as? String)
    #expect(userCode.count == 9)
    #expect(userCode.allSatisfy { "BCDFGHJKLMNPQRSTVWXZ-".contains($0) })
    #expect(asked["interval"] as? Int == 5)
    #expect(try poll(code).error == "authorization_pending")
    #expect(try poll(code).error == "slow_down")
    #expect(try poll("x").error == "expired_token")
    let browser = server.browser()
    #expect(try browser.post("/device", [("user_code", "BBBB-BBBB")]).status == 400)
    let page = try browser.get("/device?user_code=\(userCode)")
    #expect(page.body.contains("value=\"\(userCode)\""))
    let typed = userCode.lowercased().replacing("-", with: " ")
    let question = try browser.follow(
      server.signIn(browser, browser.post("/device", [("user_code", typed)])))
    #expect(question.body.contains(userCode) && question.body.contains("television"))
    let handle = try #require(Browser.hidden("request", in: question))
    let form = [("request", handle), ("decision", "allow")]
    #expect(try server.browser().post("/device", form).status == 400)
    #expect(try browser.post("/device", form).body.contains("is connected"))
    let start = Date()
    try Waiting.until("the interval") { Date().timeIntervalSince(start) > 4.8 }
    let answer = try poll(code)
    #expect(answer.status == 200, "\(answer.body)")
    let token = try #require(answer.object["access_token"] as? String)
    #expect(try server.status("/orders", token) == 200)
    #expect(answer.object["refresh_token"] != nil)
    #expect(try poll(code).error == "expired_token")
    // One that is denied gets nothing.
    let second = try begin()
    let other = try browser.follow(
      browser.post("/device", [("user_code", second["user_code"] as? String ?? "")]))
    let denial = [
      ("request", Browser.hidden("request", in: other) ?? ""), ("decision", "deny"),
    ]
    #expect(try browser.post("/device", denial).body.contains("not connected"))
    #expect(try poll(second["device_code"] as? String ?? "").error == "access_denied")
  }

  @Test func `An API exchanges tokens that are for it, and nobody else does`() throws {
    let server = try server()
    func exchange(
      _ token: String, _ more: [(String, String)] = [], as client: String = "shop-api"
    ) throws -> Answer {
      try server.post(
        "/token",
        [
          ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
          ("subject_token", token),
          ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ] + more, as: client)
    }
    let tokens = try server.tokens(server.browser())
    let access = try #require(tokens["access_token"] as? String)
    let answer = try exchange(access)
    #expect(answer.status == 200, "\(answer.body)")
    let claims = try IdentityServer.claims(answer.object["access_token"])
    #expect(claims["aud"] as? String == "https://stock.example.com")
    #expect(claims["sub"] as? String == (try IdentityServer.claims(access)["sub"] as? String))
    #expect((claims["act"] as? [String: Any])?["sub"] as? String == "shop-api")
    #expect(claims["scope"] as? String == "stock:read")
    #expect(try exchange(access, as: "other-api").error == "invalid_target")
    #expect(try exchange(access, as: "web").error == "unauthorized_client")
    #expect(try exchange(access, [("scope", "orders:read")]).error == "invalid_scope")
    #expect(try exchange(access, [("audience", "https://x.example")]).error == "invalid_target")
    #expect(try exchange(access, [("actor_token", "x")]).error == "invalid_request")
    #expect(try exchange(server.ownToken()).error == "invalid_grant")
    let identity = try #require(tokens["id_token"] as? String)
    #expect(try exchange(identity).error == "invalid_request")
    #expect(try exchange("junk").error == "invalid_request")
    // It is revoked with the one that it came from.
    let code = [("token", try #require(tokens["refresh_token"] as? String))]
    #expect(try server.post("/revoke", code, as: "web").status == 200)
    #expect(try exchange(access).error == "invalid_request")
    let made = [("token", try #require(answer.object["access_token"] as? String))]
    #expect(try server.post("/introspect", made, as: "web").object["active"] as? Bool == false)
  }

  private func proof(
    _ key: PrivateKey, _ path: String, method: String = "POST", token: String? = nil,
    _ changes: [String: Any] = [:]
  ) throws -> String {
    let members = try #require(JSONWebKey.members(of: try key.publicKey()))
    var claims: [String: Any] = [
      "jti": UUID().uuidString, "htm": method, "htu": Browser.origin + path,
      "iat": Int(Date().timeIntervalSince1970),
    ]
    if let token {
      let hash = SHA256Hasher().hash(token.utf8.span).bytes
      claims["ath"] = Base64.encode(hash.span)
    }
    for (name, value) in changes { claims[name] = value }
    let header = JSONValue.object([
      JSONMember("alg", "ES256"), JSONMember("typ", "dpop+jwt"),
      JSONMember("jwk", .object(members)),
    ])
    let payload = Array(try JSONSerialization.data(withJSONObject: claims))
    let head = Array(header.serialized.utf8)
    let message = Base64.encode(head.span) + "." + Base64.encode(payload.span)
    let maker = try SignatureMaker(key, .ecdsa(.p256, .sha256))
    let signature = try maker.sign(message.utf8.span)
    return message + "." + Base64.encode(signature.span)
  }

  @Test func `fapi2 dpop modules: tokens are bound to the key that the client shows`() throws {
    let server = try server()
    let key = try PrivateKey.generateP256()
    let thumbprint = try #require(JSONWebKey.thumbprint(of: key.publicKey()))
    let scope = "openid profile orders:read"
    func redeem(
      _ proof: String?, _ changes: [String: String?] = [:]
    ) throws -> Answer {
      let code = try server.code(
        server.browser(), changes.merging(["scope": scope]) { $1 }, client: "bound")
      return try server.browser().post(
        "/token", IdentityServer.redemption(code, ["client_id": "bound"]),
        proof.map { ["DPoP: \($0)"] } ?? [])
    }
    // …-dpop-negative-tests
    #expect(try redeem(nil).error == "invalid_dpop_proof")
    #expect(try redeem("junk").error == "invalid_dpop_proof")
    #expect(try redeem(proof(key, "/userinfo")).error == "invalid_dpop_proof")
    #expect(try redeem(proof(key, "/token", method: "GET")).error == "invalid_dpop_proof")
    let now = Int(Date().timeIntervalSince1970)
    #expect(
      try redeem(proof(key, "/token", ["iat": now - 600])).error == "invalid_dpop_proof")
    // …-ensure-dpopproof-with-iat-10seconds-before and -after-succeeds
    #expect(try redeem(proof(key, "/token", ["iat": now - 10])).status == 200)
    #expect(try redeem(proof(key, "/token", ["iat": now + 10])).status == 200)
    // …-ensure-token-endpoint-fails-with-mismatched-dpop-jkt, and the one that fits
    let other = try PrivateKey.generateP256()
    let wrong = try redeem(proof(other, "/token"), ["dpop_jkt": thumbprint])
    #expect(wrong.error == "invalid_grant")
    let answer = try redeem(proof(key, "/token"), ["dpop_jkt": thumbprint])
    #expect(answer.status == 200, "\(answer.body)")
    #expect(answer.object["token_type"] as? String == "DPoP")
    let access = try #require(answer.object["access_token"] as? String)
    let claims = try IdentityServer.claims(access)
    #expect((claims["cnf"] as? [String: Any])?["jkt"] as? String == thumbprint)
    // As a bearer's it is good nowhere.
    #expect(try server.status("/orders", access) == 401)
    let browser = server.browser()
    #expect(try browser.get("/userinfo", ["Authorization: Bearer \(access)"]).status == 401)
    let field = "Authorization: DPoP \(access)"
    #expect(try browser.get("/userinfo", [field]).status == 401)
    let shown = try proof(key, "/userinfo", method: "GET", token: access)
    #expect(try browser.get("/userinfo", [field, "DPoP: \(shown)"]).status == 200)
    let others = try proof(other, "/userinfo", method: "GET", token: access)
    #expect(try browser.get("/userinfo", [field, "DPoP: \(others)"]).status == 401)
    // The gateway's own policy asks for the proof as well.
    let atAPI = try proof(
      key, "", method: "GET", token: access, ["htu": "http://api.test/orders"])
    let status = try Client(port: server.gateway.port).request(
      "GET", "/orders", [field, "DPoP: \(atAPI)"]
    ).status
    #expect(status == 200)
    // A public client's refresh token is bound to the key.
    let refresh = try #require(answer.object["refresh_token"] as? String)
    let form = [
      ("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "bound"),
    ]
    let stolen = try browser.post("/token", form, ["DPoP: \(try proof(other, "/token"))"])
    #expect(stolen.error == "invalid_grant")
    let good = try browser.post("/token", form, ["DPoP: \(try proof(key, "/token"))"])
    #expect(good.status == 200, "\(good.body)")
  }
}
