import Foundation
import Testing

/// People who sign in for a client: the modules of the OpenID conformance suite's basic profile.
@Suite(.serialized) struct CodeFlowTests {
  @Test func `oidcc-server: tokens of a sign-in work at the API and tell of the user`() throws {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser())
    #expect(tokens["token_type"] as? String == "Bearer")
    let access = try #require(tokens["access_token"] as? String)
    #expect(try server.status("/orders", access) == 200)
    #expect(try server.status("/staff", access) == 200)
    let claims = try IdentityServer.claims(tokens["id_token"])
    #expect(claims["aud"] as? String == "web")
    #expect(claims["nonce"] as? String == "n-0S6_WzA2Mj")
    #expect(claims["iss"] as? String == Browser.origin)
    #expect(claims["auth_time"] as? Int != nil)
    #expect(claims["sub"] as? String == (try IdentityServer.claims(access)["sub"] as? String))
    #expect(try IdentityServer.claims(access)["roles"] as? [String] == ["staff"])
    // Another user has other roles.
    let browser = server.browser()
    let answer = try server.signIn(browser, server.authorize(browser), as: "bob")
    let parameters = try #require(Browser.parameters(answer, at: IdentityServer.callback))
    let other = try server.post(
      "/token", IdentityServer.redemption(parameters["code"] ?? ""), as: "web"
    ).object
    let token = try #require(other["access_token"] as? String)
    #expect(try server.status("/orders", token) == 200)
    #expect(try server.status("/staff", token) == 403)
  }

  @Test
  func `oidcc-idtoken-signature: ID tokens are signed with RS256 unless the client says else`()
    throws
  {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser())
    func header(_ name: String) throws -> String {
      let text = try #require(tokens[name] as? String)
      let part = text.prefix { $0 != "." }.replacingOccurrences(of: "-", with: "+")
        .replacingOccurrences(of: "_", with: "/")
      let padded = part + String(repeating: "=", count: (4 - part.count % 4) % 4)
      return String(decoding: try #require(Data(base64Encoded: padded)), as: UTF8.self)
    }
    #expect(try header("id_token").contains("\"alg\":\"RS256\""))
    #expect(try header("access_token").contains("\"alg\":\"ES256\""))
    #expect(try header("access_token").contains("\"typ\":\"at+jwt\""))
  }

  @Test func `oidcc-userinfo-get, oidcc-userinfo-post-header and oidcc-userinfo-post-body`() throws
  {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser())
    let access = try #require(tokens["access_token"] as? String)
    let field = "Authorization: Bearer \(access)"
    let browser = server.browser()
    for answer in [
      try browser.get("/userinfo", [field]), try browser.post("/userinfo", [], [field]),
      try browser.post("/userinfo", [("access_token", access)]),
    ] {
      #expect(answer.status == 200)
      #expect(answer.object["name"] as? String == "Ann Example")
      #expect(answer.object["email_verified"] as? Bool == true)
      #expect(
        answer.object["sub"] as? String
          == (try IdentityServer.claims(tokens["id_token"])["sub"] as? String))
    }
    #expect(try browser.get("/userinfo").status == 401)
    #expect(try browser.get("/userinfo?access_token=\(access)").status == 401)
    let own = try server.ownToken()
    #expect(try browser.get("/userinfo", ["Authorization: Bearer \(own)"]).status == 401)
    let identity = try #require(tokens["id_token"] as? String)
    #expect(try browser.get("/userinfo", ["Authorization: Bearer \(identity)"]).status == 401)
  }

  @Test func `oidcc-scope-profile, -email, -address, -phone and -all open what they name`() throws {
    let server = try IdentityServer()
    func names(_ scope: String) throws -> Set<String> {
      let tokens = try server.tokens(server.browser(), ["scope": scope])
      let field = "Authorization: Bearer \(tokens["access_token"] ?? "")"
      return Set(try server.browser().get("/userinfo", [field]).object.keys)
    }
    #expect(try names("openid") == ["sub"])
    #expect(try names("openid profile") == ["sub", "name", "preferred_username"])
    #expect(try names("email openid") == ["sub", "email", "email_verified"])
    // What is not there is not asked for in vain: the client is told.
    let answer = try server.authorize(server.browser(), ["scope": "openid address phone"])
    #expect(Browser.parameters(answer, at: IdentityServer.callback)?["error"] == "invalid_scope")
  }

  @Test func `oidcc-response-type-missing and other response types lead back with an error`() throws
  {
    let server = try IdentityServer()
    func error(_ type: String?) throws -> String? {
      let answer = try server.authorize(server.browser(), ["response_type": type])
      let found = Browser.parameters(answer, at: IdentityServer.callback)
      #expect(found?["state"] == "af0ifjsldkj")
      #expect(found?["iss"] == Browser.origin)
      return found?["error"]
    }
    #expect(try error(nil) == "invalid_request")
    for type in ["token", "id_token", "code id_token", "code token", "none"] {
      #expect(try error(type) == "unsupported_response_type", "\(type)")
    }
  }

  @Test func `oidcc-ensure-request-without-nonce-succeeds-for-code-flow: none comes`() throws {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser(), ["nonce": nil])
    #expect(try IdentityServer.claims(tokens["id_token"])["nonce"] == nil)
  }

  @Test func `oidcc-display, -locales, -acr-values, -login-hint and others are taken`() throws {
    let server = try IdentityServer()
    let more: [[String: String?]] = [
      ["display": "page"], ["display": "popup"], ["ui_locales": "se"], ["claims_locales": "se"],
      ["acr_values": "pwd mfa"], ["extra": "foobar"], ["login_hint": "ann@example.com"],
    ]
    for changes in more { _ = try server.code(server.browser(), changes) }
    let browser = server.browser()
    let page = try browser.follow(server.authorize(browser, ["login_hint": "\"><script>x"]))
    #expect(page.body.contains("&quot;&gt;&lt;script&gt;x"))
    #expect(!page.body.contains("<script"))
  }

  @Test func `oidcc-prompt-login and oidcc-max-age-1 ask again, and auth_time is later`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let first = try IdentityServer.claims(server.tokens(browser)["id_token"])
    // Without it, the session is enough.
    let silent = try server.authorize(browser)
    #expect(Browser.parameters(silent, at: IdentityServer.callback)?["code"] != nil)
    var time = try #require(first["auth_time"] as? Int)
    for changes in [["prompt": "login"], ["max_age": "1"]] {
      try Waiting.until("two more seconds") { Int(Date().timeIntervalSince1970) > time + 2 }
      let answer = try server.authorize(browser, changes.mapValues { $0 })
      #expect(Browser.target(answer)?.hasPrefix("/sign-in") == true, "\(changes)")
      let old = browser.cookies["__Host-gatehouse-session"]
      let done = try server.signIn(browser, answer)
      // A session is new at each sign-in.
      #expect(browser.cookies["__Host-gatehouse-session"] != old)
      let code = try #require(Browser.parameters(done, at: IdentityServer.callback)?["code"])
      let tokens = try server.post("/token", IdentityServer.redemption(code), as: "web").object
      let claims = try IdentityServer.claims(tokens["id_token"])
      let next = try #require(claims["auth_time"] as? Int)
      #expect(next > time)
      time = next
      #expect(claims["sub"] as? String == first["sub"] as? String)
    }
    _ = try server.code(browser, ["max_age": "10000"])
  }

  @Test func `oidcc-prompt-none-not-logged-in and oidcc-prompt-none-logged-in`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let none = try server.authorize(browser, ["prompt": "none"])
    #expect(Browser.parameters(none, at: IdentityServer.callback)?["error"] == "login_required")
    let first = try IdentityServer.claims(server.tokens(browser)["id_token"])
    let answer = try server.authorize(browser, ["prompt": "none"])
    let code = try #require(Browser.parameters(answer, at: IdentityServer.callback)?["code"])
    let tokens = try server.post("/token", IdentityServer.redemption(code), as: "web").object
    let second = try IdentityServer.claims(tokens["id_token"])
    #expect(second["auth_time"] as? Int == first["auth_time"] as? Int)
    let both = try server.authorize(browser, ["prompt": "none login"])
    #expect(Browser.parameters(both, at: IdentityServer.callback)?["error"] == "invalid_request")
  }

  @Test func `oidcc-id-token-hint names the user who is meant`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let hint = try #require(server.tokens(browser)["id_token"] as? String)
    let answer = try server.authorize(browser, ["prompt": "none", "id_token_hint": hint])
    #expect(Browser.parameters(answer, at: IdentityServer.callback)?["code"] != nil)
    // In the session of another user, it is no answer for this one.
    let other = server.browser()
    _ = try server.signIn(other, server.authorize(other), as: "bob")
    let refused = try server.authorize(other, ["prompt": "none", "id_token_hint": hint])
    #expect(
      Browser.parameters(refused, at: IdentityServer.callback)?["error"] == "login_required")
    // Neither an access token nor another client's ID token is one.
    let token = try #require(server.tokens(browser)["access_token"] as? String)
    let wrong = try server.authorize(browser, ["id_token_hint": token])
    #expect(Browser.parameters(wrong, at: IdentityServer.callback)?["error"] == "invalid_request")
  }

  @Test func `oidcc-codereuse: a code that comes twice ends what was got by it`() throws {
    let server = try IdentityServer()
    let code = try server.code(server.browser())
    let form = IdentityServer.redemption(code)
    let first = try server.post("/token", form, as: "web")
    let access = try #require(first.object["access_token"] as? String)
    let refresh = try #require(first.object["refresh_token"] as? String)
    #expect(try server.status("/orders", access) == 200)
    #expect(try server.post("/token", form, as: "web").error == "invalid_grant")
    let again = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
    #expect(try server.post("/token", again, as: "web").error == "invalid_grant")
    try Waiting.until("the revocation") { (try? server.status("/orders", access)) == 401 }
    let field = "Authorization: Bearer \(access)"
    #expect(try server.browser().get("/userinfo", [field]).status == 401)
  }

  @Test func `oidcc-ensure-registered-redirect-uri: nothing is sent to another address`() throws {
    let server = try IdentityServer()
    for uri in [
      "https://app.example.com/callback/", "https://app.example.com/callback?x=1",
      "https://app.example.com/Callback", "https://app.example.com/other",
      "https://app.example.com.evil.test/callback", "https://app.example.com@evil.test/callback",
      "https://evil.test/callback", "http://app.example.com/callback",
      "https://app.example.com/callback#fragment", "https://app.example.com:444/callback",
      "https://app.example.com/x/../callback", "javascript:alert(1)", "//app.example.com/callback",
      "https://app.example.com/%63allback",
    ] {
      let answer = try server.authorize(server.browser(), ["redirect_uri": uri])
      #expect(answer.status == 400, "\(uri)")
      #expect(answer.fields["location"] == nil, "\(uri)")
      #expect(answer.body.contains("quote the number"), "\(uri)")
    }
    #expect(try server.authorize(server.browser(), ["redirect_uri": nil]).status == 400)
    _ = try server.code(server.browser(), ["redirect_uri": "https://app.example.com/callback"])
    #expect(server.gateway.messages.contains("redirect_uri \"https://evil.test/callback\" is none"))
  }

  @Test func `oidcc-ensure-post-request-succeeds: a form does what a link does`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let answer = try browser.post("/authorize", IdentityServer.request())
    let done = try server.signIn(browser, answer)
    #expect(Browser.parameters(done, at: IdentityServer.callback)?["code"] != nil)
  }

  @Test func `oidcc-server-client-secret-post: the secret comes by the form`() throws {
    let server = try IdentityServer()
    let uri = "https://second.example.com/callback"
    let code = try server.code(
      server.browser(), ["redirect_uri": uri, "scope": "openid orders:read"], client: "second")
    let form = IdentityServer.redemption(code, ["redirect_uri": uri])
    #expect(try server.post("/token", form, as: "second").error == "invalid_client")
    let more = [("client_id", "second"), ("client_secret", IdentityServer.secret)]
    #expect(try server.post("/token", form + more).status == 200)
  }

  @Test
  func `oidcc-request-uri-unsigned and oidcc-unsigned-request-object are rejected as unsupported`()
    throws
  {
    let server = try IdentityServer()
    for (name, value, error) in [
      ("request_uri", "https://app.example.com/request.jwt", "request_uri_not_supported"),
      ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
    ] {
      let answer = try server.authorize(server.browser(), [name: value])
      #expect(Browser.parameters(answer, at: IdentityServer.callback)?["error"] == error)
    }
  }

  @Test func `oidcc-claims-essential: a claim that is asked for by name is told`() throws {
    let server = try IdentityServer()
    let tokens = try server.tokens(
      server.browser(),
      [
        "scope": "openid",
        "claims": "{\"userinfo\":{\"name\":{\"essential\":true}},\"id_token\":{\"email\":null}}",
      ])
    let field = "Authorization: Bearer \(tokens["access_token"] ?? "")"
    let answer = try server.browser().get("/userinfo", [field]).object
    #expect(answer["name"] as? String == "Ann Example")
    #expect(answer["email"] == nil)
    let claims = try IdentityServer.claims(tokens["id_token"])
    #expect(claims["email"] as? String == "ann@example.com")
  }

  @Test func `oidcc-refresh-token: each is good once, and bound to its client`() throws {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser())
    let first = try #require(tokens["refresh_token"] as? String)
    func refresh(
      _ token: String, _ more: [(String, String)] = [], as client: String = "web"
    ) throws -> Answer {
      try server.post(
        "/token", [("grant_type", "refresh_token"), ("refresh_token", token)] + more, as: client)
    }
    #expect(try refresh(first, as: "partner").error == "invalid_grant")
    #expect(try refresh(first, [("scope", "openid stock:read")]).error == "invalid_scope")
    let answer = try refresh(first, [("scope", "openid")])
    #expect(answer.object["scope"] as? String == "openid")
    let second = try #require(answer.object["refresh_token"] as? String)
    let old = try IdentityServer.claims(tokens["id_token"])
    let new = try IdentityServer.claims(answer.object["id_token"])
    #expect(new["sub"] as? String == old["sub"] as? String)
    #expect(new["auth_time"] as? Int == old["auth_time"] as? Int)
    #expect(new["nonce"] == nil)
    let third = try #require(refresh(second).object["refresh_token"] as? String)
    // The first comes back: somebody has stolen it, or the others. All of them are over.
    #expect(try refresh(first).error == "invalid_grant")
    #expect(try refresh(third).error == "invalid_grant")
  }

  @Test func `oidcc-formpost: the answer comes by a form that the user sends`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let answer = try server.signIn(
      browser, server.authorize(browser, ["response_mode": "form_post"]))
    #expect(answer.status == 200)
    #expect(answer.body.contains("<form method=\"post\" action=\"\(IdentityServer.callback)\">"))
    #expect(
      answer.fields["content-security-policy"]?.contains(
        "form-action 'self' https://app.example.com;") == true)
    #expect(Browser.hidden("state", in: answer) == "af0ifjsldkj")
    #expect(Browser.hidden("iss", in: answer) == Browser.origin)
    let code = try #require(Browser.hidden("code", in: answer))
    #expect(try server.post("/token", IdentityServer.redemption(code), as: "web").status == 200)
  }

  @Test func `oidcc-rp-initiated-logout ends the session and what lives by it`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let tokens = try server.tokens(browser)
    let hint = try #require(tokens["id_token"] as? String)
    let refresh = try #require(tokens["refresh_token"] as? String)
    let bye = "https://app.example.com/bye"
    func out(_ pairs: [(String, String)]) throws -> Answer {
      try browser.get("/end-session?" + Browser.encoded(pairs))
    }
    // Not the client's, or nobody's: nothing is sent there, and nothing ends.
    for uri in ["https://evil.test/", bye + "/", bye + "?x"] {
      let answer = try out([("id_token_hint", hint), ("post_logout_redirect_uri", uri)])
      #expect(answer.status == 400)
      #expect(answer.fields["location"] == nil)
    }
    #expect(try out([("post_logout_redirect_uri", bye)]).status == 400)
    #expect(try out([("id_token_hint", "junk")]).status == 400)
    // Without a hint, the user is asked.
    let question = try out([])
    #expect(question.body.contains("Sign out?"))
    #expect(Browser.parameters(try server.authorize(browser), at: IdentityServer.callback) != nil)
    let answer = try out([
      ("id_token_hint", hint), ("post_logout_redirect_uri", bye), ("state", "s&1"),
    ])
    #expect(answer.fields["location"] == bye + "?state=s%261")
    #expect(browser.cookies["__Host-gatehouse-session"] == nil)
    let next = try server.authorize(browser, ["prompt": "none"])
    #expect(Browser.parameters(next, at: IdentityServer.callback)?["error"] == "login_required")
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
    #expect(try server.post("/token", form, as: "web").error == "invalid_grant")
  }

  @Test func `A grant with offline_access lives on after the session`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let tokens = try server.tokens(browser, ["scope": "openid offline_access"])
    let hint = try #require(tokens["id_token"] as? String)
    let refresh = try #require(tokens["refresh_token"] as? String)
    #expect(try browser.get("/end-session?id_token_hint=\(hint)").status == 200)
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
    #expect(try server.post("/token", form, as: "web").status == 200)
  }

  @Test func `A third party gets what the user allows, who is asked once`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let uri = "https://partner.example.com/callback"
    let changes: [String: String?] = ["redirect_uri": uri, "scope": "openid orders:read"]
    let first = try server.authorize(browser, changes, client: "partner")
    let page = try browser.follow(server.signIn(browser, first))
    #expect(page.body.contains("Allow Partner &lt;b&gt;Ltd&lt;/b&gt;?"))
    #expect(page.body.contains("Shop: Read your orders"))
    let handle = try #require(Browser.hidden("request", in: page))
    let silent = try server.authorize(
      browser, changes.merging(["prompt": "none"]) { $1 }, client: "partner")
    #expect(Browser.parameters(silent, at: uri)?["error"] == "consent_required")
    // Not by another page, nor without the session.
    let form = [("request", handle), ("decision", "allow")]
    #expect(
      try browser.post("/consent", form, ["Sec-Fetch-Site: cross-site"]).fields["location"] == nil)
    #expect(try server.browser().post("/consent", form).fields["location"] == nil)
    let allowed = try browser.post("/consent", form)
    #expect(Browser.parameters(allowed, at: uri)?["code"] != nil)
    #expect(try browser.post("/consent", form).fields["location"] == nil)
    let again = try server.authorize(browser, changes, client: "partner")
    #expect(Browser.parameters(again, at: uri)?["code"] != nil)
    // More than that is asked for anew, and may be denied.
    let more = try server.authorize(
      browser, changes.merging(["scope": "openid email"]) { $1 }, client: "partner")
    let question = try browser.follow(more)
    let denied = try browser.post(
      "/consent",
      [("request", Browser.hidden("request", in: question) ?? ""), ("decision", "deny")])
    #expect(Browser.parameters(denied, at: uri)?["error"] == "access_denied")
  }
}
