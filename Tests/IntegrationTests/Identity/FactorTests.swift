import Crypto
import Foundation
import Testing

/// One-time passwords and recovery codes, and users whom administrators make.
@Suite(.serialized) struct FactorTests {
  private func bytes(ofBase32 text: String) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var bytes: [UInt8] = []
    var (group, count) = (0, 0)
    for letter in text.uppercased() {
      guard let value = letters.firstIndex(of: letter) else { continue }
      group = (group << 5 | value) & 0xFFFF
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> count))
      }
    }
    return bytes
  }

  /// The texts within `code` of a page.
  private func codes(_ answer: Answer) -> [String] {
    answer.body.components(separatedBy: "<code>").dropFirst().map {
      String($0.prefix { $0 != "<" }).filter { $0 != " " }
    }
  }

  private func account(
    _ browser: Browser, _ action: String, _ more: [(String, String)] = []
  ) throws -> Answer {
    let page = try browser.follow(browser.get("/account"))
    let token = Browser.hidden("form", in: page) ?? ""
    return try browser.post("/account", [("form", token), ("action", action)] + more)
  }

  @Test func `A user turns on one-time passwords, and each is good once`() throws {
    let server = try IdentityServer()
    let admin = try AdminClient(settingUp: server.gateway)
    let weak = try admin.send("POST", "/v1/users", ["name": "dora", "password": "short"])
    #expect(weak.status == 400)
    let made = try admin.send(
      "POST", "/v1/users", ["name": "dora", "password": IdentityServer.password])
    #expect(made.status == 201, "\(made.body)")
    #expect(made.object["password"] == nil)
    #expect(
      try admin.send(
        "POST", "/v1/users", ["name": "DORA", "password": IdentityServer.password]
      ).status == 409)

    // She signs in for her account.
    let browser = server.browser()
    _ = try browser.follow(
      server.signIn(browser, browser.get("/account"), as: "dora"))
    // Without the form's token, nothing is done.
    let forged = try browser.post("/account", [("action", "enrol")])
    #expect(forged.status == 400)
    let page = try account(browser, "enrol")
    let secret = bytes(ofBase32: try #require(codes(page).first))
    #expect(secret.count == 20)
    #expect(page.body.contains("otpauth://totp/localhost:dora?secret="))
    let generator = OneTimePassword(secret: secret)
    func code(_ offset: Int) -> String {
      generator.code(counter: UInt64(Int(Date().timeIntervalSince1970) / 30 + offset))
    }
    #expect(try account(browser, "confirm", [("code", "000000")]).body.contains("should show"))
    // The page that asks again makes a new secret: this one is its.
    let again = try account(browser, "enrol")
    let second = OneTimePassword(secret: bytes(ofBase32: codes(again)[0]))
    func now(_ offset: Int) -> String {
      second.code(counter: UInt64(Int(Date().timeIntervalSince1970) / 30 + offset))
    }
    let confirmed = try account(browser, "confirm", [("code", now(-1))])
    let recovery = codes(confirmed)
    #expect(recovery.count == 10, "\(confirmed.body)")

    // From now on the password is not enough.
    let other = server.browser()
    func begin() throws -> String {
      let next = try other.follow(
        server.signIn(other, server.authorize(other, ["prompt": "login"]), as: "dora"))
      #expect(next.body.contains("One-time password"))
      #expect(other.cookies["__Host-gatehouse-session"] == nil)
      return try #require(Browser.hidden("request", in: next))
    }
    func show(_ handle: String, _ code: String) throws -> Answer {
      try other.post("/second-factor", [("request", handle), ("code", code)])
    }
    let handle = try begin()
    #expect(try show(handle, code(0)).status == 401)
    // One that was used, for the confirmation, is not good again.
    #expect(try show(handle, now(-1)).status == 401)
    let good = now(0)
    let done = try show(handle, good)
    let parameters = try #require(Browser.parameters(done, at: IdentityServer.callback))
    let tokens = try server.post(
      "/token", IdentityServer.redemption(parameters["code"] ?? ""), as: "web"
    ).object
    let claims = try IdentityServer.claims(tokens["id_token"])
    #expect(claims["acr"] as? String == "mfa")
    #expect(claims["amr"] as? [String] == ["pwd", "otp", "mfa"])
    other.forgetCookies()
    let third = try begin()
    #expect(try show(third, good).status == 401)
    // A recovery code, typed as people type it, once.
    let typed = recovery[0].uppercased().prefix(8) + " " + recovery[0].dropFirst(8)
    #expect(Browser.parameters(try show(third, String(typed)), at: IdentityServer.callback) != nil)
    other.forgetCookies()
    let fourth = try begin()
    #expect(try show(fourth, recovery[0]).status != 303)
    // The administrator can take it away, if the telephone and the codes are lost.
    let id = try #require(made.object["id"] as? String)
    #expect(
      try admin.send(
        "PATCH", "/v1/users/\(id)", ["remove-second-factor": true], match: "*"
      ).status == 200)
    let last = server.browser()
    let plain = try server.signIn(last, server.authorize(last), as: "dora")
    #expect(Browser.parameters(plain, at: IdentityServer.callback)?["code"] != nil)
  }

  @Test func `A user changes the password, and other browsers are signed out`() throws {
    let server = try IdentityServer()
    let admin = try AdminClient(settingUp: server.gateway)
    _ = try admin.send("POST", "/v1/users", ["name": "eve", "password": IdentityServer.password])
    let (browser, other) = (server.browser(), server.browser())
    for each in [browser, other] {
      _ = try server.signIn(each, server.authorize(each), as: "eve")
    }
    let new = "an entirely different sentence"
    let old = ("old", IdentityServer.password)
    #expect(try account(browser, "password", [("old", "wrong"), ("new", new)]).status == 401)
    #expect(try account(browser, "password", [old, ("new", "too short")]).status == 400)
    #expect(try account(browser, "password", [old, ("new", "eveeveeveeveeve")]).status == 400)
    let changed = try account(browser, "password", [old, ("new", new)])
    #expect(changed.body.contains("is changed"), "\(changed.body)")
    let silent = try server.authorize(other, ["prompt": "none"])
    #expect(Browser.parameters(silent, at: IdentityServer.callback)?["error"] == "login_required")
    let third = server.browser()
    #expect(try server.signIn(third, server.authorize(third), as: "eve").status == 401)
    let good = try server.signIn(third, server.authorize(third), as: "eve", password: new)
    #expect(Browser.parameters(good, at: IdentityServer.callback)?["code"] != nil)
  }

  @Test func `Clients of the store have secrets that are shown once and follow one another`() throws
  {
    let server = try IdentityServer()
    let admin = try AdminClient(settingUp: server.gateway)
    let sent: [String: Any] = [
      "id": "stored", "grants": ["client_credentials"], "scopes": ["orders:read"],
      "roles": ["staff"],
    ]
    let made = try admin.send("POST", "/v1/clients", sent)
    #expect(made.status == 201, "\(made.body)")
    let first = try #require(made.object["secret"] as? String)
    #expect(first.hasPrefix("ghcs_"))
    let shown = try admin.send("GET", "/v1/clients/stored")
    #expect(!shown.body.contains(first) && shown.object["secret"] == nil)
    func status(_ secret: String) throws -> Int {
      try Browser(server.gateway.port).post(
        "/token", [("grant_type", "client_credentials")],
        [IdentityServer.basic("stored", secret)]
      ).status
    }
    #expect(try status(first) == 200)
    let rotated = try admin.send("PATCH", "/v1/clients/stored", ["new-secret": true], match: "*")
    let second = try #require(rotated.object["secret"] as? String)
    try Waiting.until("the new secret") { (try? status(second)) == 200 }
    #expect(try status(first) == 200)
    #expect(try status(second + "x") == 401)
    for wrong: [String: Any] in [
      ["id": "a", "redirect-uris": ["http://app.example.com/cb"]],
      ["id": "b", "redirect-uris": ["javascript:alert(1)"]], ["id": "c", "scopes": ["nothing"]],
      ["id": "d", "grants": ["password"]],
      [
        "id": "e", "authentication": "none",
        "grants": ["client_credentials"],
      ], ["id": "f", "rediect-uris": []],
    ] {
      #expect(try admin.send("POST", "/v1/clients", wrong).status == 400, "\(wrong)")
    }
    #expect(
      try admin.send("POST", "/v1/clients", ["id": "web", "redirect-uris": ["https://x.example/"]])
        .status == 409)
    let token =
      try Browser(server.gateway.port).post(
        "/token", [("grant_type", "client_credentials")], [IdentityServer.basic("stored", second)]
      ).object["access_token"] as? String
    #expect(try server.status("/staff", token ?? "") == 200)
    #expect(
      try admin.send("PATCH", "/v1/clients/stored", ["disabled": true], match: "*").status == 200)
    try Waiting.until("the end of its tokens") {
      (try? server.status("/staff", token ?? "")) == 401 && (try? status(second)) == 401
    }
  }
}
