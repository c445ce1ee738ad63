import Foundation
import Testing

/// What RFC 9700 and RFC 6819 warn of, tried.
@Suite(.serialized) struct AttackTests {
  @Test func `A code is of no use without its verifier, to another client, or elsewhere`() throws {
    let server = try IdentityServer()
    func redeem(
      _ changes: [String: String?], as client: String = "web"
    ) throws -> String? {
      let code = try server.code(server.browser())
      return try server.post(
        "/token", IdentityServer.redemption(code, changes), as: client
      ).error
    }
    // fapi2-…-ensure-pkce-code-verifier-required, -incorrect-pkce-code-verifier-rejected
    #expect(try redeem(["code_verifier": nil]) == "invalid_grant")
    #expect(try redeem(["code_verifier": IdentityServer.verifier + "x"]) == "invalid_grant")
    #expect(try redeem(["code_verifier": IdentityServer.challenge]) == "invalid_grant")
    #expect(try redeem(["code_verifier": ""]) == "invalid_grant")
    // fapi2-…-ensure-authorization-code-is-bound-to-client
    #expect(try redeem([:], as: "partner") == "invalid_grant")
    #expect(try redeem(["redirect_uri": "https://app.example.com/other?x=1"]) == "invalid_grant")
    #expect(try redeem(["code": "x"]) == "invalid_grant")
    #expect(try redeem(["code": nil]) == "invalid_request")
    #expect(try redeem(["resource": "https://else.example.com"]) == "invalid_target")
  }

  @Test func `A request without PKCE, or with a weaker one, is refused`() throws {
    let server = try IdentityServer()
    // fapi2-…-par-ensure-pkce-required, -par-plain-pkce-rejected
    for changes: [String: String?] in [
      ["code_challenge": nil, "code_challenge_method": nil], ["code_challenge_method": "plain"],
      ["code_challenge_method": nil], ["code_challenge": "short"], ["code_challenge": nil],
    ] {
      let answer = try server.authorize(server.browser(), changes)
      let found = Browser.parameters(answer, at: IdentityServer.callback)
      #expect(found?["error"] == "invalid_request", "\(changes)")
    }
  }

  @Test func `A parameter that is there twice decides nothing`() throws {
    let server = try IdentityServer()
    for name in ["client_id", "redirect_uri", "scope", "state", "code_challenge"] {
      let pairs = IdentityServer.request() + [(name, "https://evil.test/")]
      let answer = try server.browser().get("/authorize?" + Browser.encoded(pairs))
      #expect(answer.status == 400, "\(name)")
      #expect(answer.fields["location"] == nil)
    }
  }

  @Test func `A sign-in that another browser began cannot be gone on with`() throws {
    let server = try IdentityServer()
    let attacker = server.browser()
    let page = try attacker.follow(server.authorize(attacker))
    let handle = try #require(Browser.hidden("request", in: page))
    // The victim gets the link, with no cookie or with one of its own.
    let victim = server.browser()
    #expect(try victim.get("/sign-in?request=\(handle)").status == 400)
    _ = try server.authorize(victim)
    #expect(try victim.get("/sign-in?request=\(handle)").status == 400)
    let form = [("request", handle), ("name", "ann"), ("password", IdentityServer.password)]
    let answer = try victim.post("/sign-in", form)
    #expect(answer.status == 400)
    #expect(victim.cookies["__Host-gatehouse-session"] == nil)
    // Nor can a page of the attacker's send the form in the attacker's own browser.
    for field in ["Sec-Fetch-Site: cross-site", "Origin: https://evil.test", "Origin: null"] {
      #expect(try attacker.post("/sign-in", form, [field]).status == 400, "\(field)")
    }
    #expect(try attacker.post("/sign-in", form).status == 303)
    // A handle is used up with its answer.
    #expect(try attacker.post("/sign-in", form).status == 400)
  }

  @Test func `Sessions are new at each sign-in and cannot be set from outside`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    let answer = try server.signIn(browser, server.authorize(browser))
    let field = try #require(answer.fields["set-cookie"])
    for word in ["__Host-", "Path=/;", "Secure", "HttpOnly", "SameSite=Lax"] {
      #expect(field.contains(word), "\(word)")
    }
    let old = Browser(like: browser)
    _ = try server.signIn(browser, server.authorize(browser, ["prompt": "login"]))
    // The session before is over.
    let silent = try server.authorize(old, ["prompt": "none"])
    #expect(Browser.parameters(silent, at: IdentityServer.callback)?["error"] == "login_required")
  }

  @Test func `Pages cannot be framed, scripted or cached, and tell nobody where they were`() throws
  {
    let server = try IdentityServer()
    let browser = server.browser()
    let page = try browser.follow(server.authorize(browser))
    #expect(page.status == 200)
    let policy = try #require(page.fields["content-security-policy"])
    #expect(policy.contains("default-src 'none'"))
    #expect(policy.contains("frame-ancestors 'none'"))
    #expect(policy.contains("base-uri 'none'"))
    #expect(policy.contains("form-action 'self' https://app.example.com;"))
    #expect(!policy.contains("unsafe") && !policy.contains("script-src"))
    #expect(page.fields["x-frame-options"] == "DENY")
    #expect(page.fields["cache-control"] == "no-store")
    #expect(page.fields["referrer-policy"] == "no-referrer")
    #expect(page.fields["x-content-type-options"] == "nosniff")
    #expect(!page.body.contains("<script") && !page.body.contains("http://localhost/"))
    #expect(page.body.utf8.count < 20_480)
  }

  @Test func `A wrong password and an unknown name look alike, and guessing is slowed`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    func attempt(_ name: String, _ password: String) throws -> Answer {
      try server.signIn(browser, server.authorize(browser), as: name, password: password)
    }
    let wrong = try attempt("ann", "wrong")
    let unknown = try attempt("nobody", "wrong")
    #expect(wrong.status == 401 && unknown.status == 401)
    func plain(_ answer: Answer, _ name: String) -> String {
      answer.body.replacing("value=\"\(name)\"", with: "")
        .replacing(Browser.hidden("request", in: answer) ?? "", with: "")
    }
    #expect(plain(wrong, "ann") == plain(unknown, "nobody"))
    for _ in 0..<3 { _ = try attempt("ann", "wrong") }
    let slowed = try attempt("ann", IdentityServer.password)
    #expect(slowed.status == 429)
    #expect(slowed.fields["retry-after"] != nil)
    // Somebody else, from the same place, is not locked out.
    #expect(try attempt("bob", IdentityServer.password).status == 303)
    #expect(!server.gateway.messages.contains(IdentityServer.password))
  }

  @Test func `PAR: a pushed request is good once, for its client, and cannot be changed`() throws {
    let server = try IdentityServer()
    func push(_ changes: [String: String?] = [:]) throws -> Answer {
      try server.post("/par", IdentityServer.request(changes), as: "web")
    }
    func come(_ browser: Browser, _ uri: String, as client: String = "web") throws -> Answer {
      try browser.get(
        "/authorize?" + Browser.encoded([("client_id", client), ("request_uri", uri)]))
    }
    let pushed = try push()
    #expect(pushed.status == 201)
    let uri = try #require(pushed.object["request_uri"] as? String)
    #expect(pushed.object["expires_in"] as? Int == 90)
    // fapi2-…-par-attempt-to-use-request_uri-for-different-client
    #expect(try come(server.browser(), uri, as: "second").status == 400)
    #expect(try come(server.browser(), uri + "x").status == 400)
    // fapi2-…-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds
    let browser = server.browser()
    _ = try come(browser, uri)
    let other = server.browser()
    let second = try come(other, uri)
    let done = try server.signIn(browser, come(browser, uri))
    #expect(Browser.parameters(done, at: IdentityServer.callback)?["code"] != nil)
    // fapi2-…-par-attempt-reuse-request_uri, in this browser and in one that had begun before
    #expect(try come(browser, uri).status == 400)
    #expect(try server.signIn(other, second).fields["location"] == nil)
    // fapi2-…-par-authorization-request-containing-request_uri-form-param
    #expect(try push(["request_uri": uri]).error == "invalid_request")
    #expect(try push(["redirect_uri": "https://evil.test/"]).error == "invalid_request")
    #expect(try push(["code_challenge_method": "plain"]).error == "invalid_request")
    #expect(try server.post("/par", IdentityServer.request()).error == "invalid_client")
    // fapi2-…-par-attempt-invalid-http-method
    #expect(try server.browser().get("/par").status == 405)
    // fapi2-…-ensure-unsigned-authorization-request-without-using-par-fails
    let plain = try server.authorize(server.browser(), ["scope": "openid"], client: "pushing")
    #expect(
      Browser.parameters(plain, at: IdentityServer.callback)?["error"] == "invalid_request")
  }

  @Test func `A native application may listen on any port of loopback, and nowhere else`() throws {
    let server = try IdentityServer()
    func answer(_ uri: String) throws -> Answer {
      try server.authorize(
        server.browser(), ["redirect_uri": uri, "scope": "openid", "response_type": nil],
        client: "native")
    }
    for uri in ["http://127.0.0.1:51004/callback", "com.example.app:/callback"] {
      #expect(
        Browser.parameters(try answer(uri), at: uri)?["error"] == "invalid_request", "\(uri)")
    }
    for uri in [
      "http://127.0.0.1:51004/other", "http://localhost:51004/callback",
      "http://127.0.0.2:51004/callback", "https://127.0.0.1/callback",
      "com.example.app:/callback/x", "com.example.app.evil:/callback",
    ] {
      #expect(try answer(uri).fields["location"] == nil, "\(uri)")
    }
    // It has no secret, and still nobody else can use its codes.
    let uri = "http://127.0.0.1:51004/callback"
    let code = try server.code(
      server.browser(), ["redirect_uri": uri, "scope": "openid orders:read"], client: "native")
    let form = IdentityServer.redemption(code, ["redirect_uri": uri])
    #expect(try server.post("/token", form, as: "native").error == "invalid_client")
    #expect(try server.post("/token", form + [("client_id", "native")]).status == 200)
  }

  @Test func `An ID token and a client's own token are none for the API or for userinfo`() throws {
    let server = try IdentityServer()
    let tokens = try server.tokens(server.browser())
    let identity = try #require(tokens["id_token"] as? String)
    #expect(try server.status("/orders", identity) == 401)
    let form = [("token", identity)]
    #expect(try server.post("/introspect", form, as: "web").object["active"] as? Bool == false)
    let access = try #require(tokens["access_token"] as? String)
    let parts = access.split(separator: ".")
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.\(parts[1])."
    #expect(try server.status("/orders", none) == 401)
    #expect(
      try server.browser().get("/userinfo", ["Authorization: Bearer \(none)"]).status == 401)
  }

  @Test func `Junk of all kinds gets an answer, and the provider goes on`() throws {
    let server = try IdentityServer()
    let browser = server.browser()
    for path in ["/authorize", "/end-session", "/sign-in", "/consent"] {
      for query in [
        "", "?", "?=", "?%", "?client_id=%ff", "?a=1&a=2", "?request=" + "x".repeated(5000),
      ] {
        #expect(try browser.get(path + query).status < 500, "\(path)\(query.prefix(20))")
      }
    }
    for path in ["/token", "/par", "/revoke", "/introspect"] {
      for body in ["", "=", "%", "a=1&a=2", "grant_type=" + "x".repeated(20_000)] {
        let answer = try browser.send(path, body)
        #expect(answer.status == 400 || answer.status == 401, "\(path) \(body.prefix(20))")
        #expect(answer.error != nil)
      }
    }
    #expect(try browser.send("/token", "{}", type: "application/json").error == "invalid_request")
    _ = try server.ownToken()
  }
}

extension String {
  /// The text so many times.
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
