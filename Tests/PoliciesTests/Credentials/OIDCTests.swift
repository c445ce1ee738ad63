import Crypto
import Formats
import Foundation
import HTTP
import JOSE
import PolicyKit
import Synchronization
import Testing

@testable import Policies

@Suite struct OIDCTests {
  /// A provider with a key of its own, and a policy that knows both.
  private final class Bench {
    let policy: OIDCPolicy
    let logout: OIDCLogoutPolicy
    let sessions: SessionRegister
    private let key: JSONWebKey
    private static let issuer = "https://id.example"

    init(_ more: String = "", namesItself: Bool = false) throws {
      let secret = try SecureRandom.bytes(32)
      let pair = try PrivateKey(curve: .ed25519, bytes: secret.span)
      key = JSONWebKey(.keyPair(pair, try pair.publicKey()), identifier: "k")
      let retained = RetainedState()
      sessions = retained.object(SessionRegister.key) { SessionRegister() }
      let cookie = Base64.encode([UInt8](repeating: 5, count: 32).span, .standard)
      let yaml = """
        { issuer: '\(Bench.issuer)', client-id: shop, client-secret: s, url: 'https://shop.example',
          keys: ['base64:\(cookie)'], lifetime: 1h \(more) }
        """
      let (policy, report) = PolicyBench.make(OIDCPolicy.self, yaml, retained: retained)
      #expect(report == "")
      self.policy = policy
      logout =
        PolicyBench.make(
          OIDCLogoutPolicy.self, "{ issuer: '\(Bench.issuer)', client-id: shop }",
          retained: retained
        ).policy
      let told = """
        {"issuer":"\(Bench.issuer)","authorization_endpoint":"\(Bench.issuer)/authorize?a=b",
         "token_endpoint":"\(Bench.issuer)/token","jwks_uri":"\(Bench.issuer)/keys",
         "end_session_endpoint":"\(Bench.issuer)/end",
         "authorization_response_iss_parameter_supported":\(namesItself)}
        """
      #expect(policy.documents[0].fetched(Array(told.utf8), atMilliseconds: 0) == nil)
      #expect(policy.documents[1].url == "\(Bench.issuer)/keys")
      let known = pair.rawPublicBytes ?? []
      let x = Base64.encode(known.span)
      let set = #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"\#(x)"}]}"#
      #expect(policy.documents[1].beginsFetch(atMilliseconds: 0))
      #expect(policy.documents[1].fetched(Array(set.utf8), atMilliseconds: 0) == nil)
    }

    func exchange(
      _ target: String, cookie: String? = nil, method: Method = .get,
      fields: [(String, String)] = [("accept", "text/html,*/*")],
      at milliseconds: UInt64 = 1_000_000
    ) -> BenchExchange {
      let cookies = cookie.map { [("cookie", $0)] } ?? []
      let exchange = PolicyBench.exchange(
        fields + cookies, method: method, atMilliseconds: 10_000)
      exchange.wallMilliseconds = milliseconds
      let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
      exchange.request.methodText = exchange.request.fields.store(method == .get ? "GET" : "POST")
      exchange.request.path = exchange.request.fields.store(parts[0].utf8.span)
      if parts.count > 1 {
        exchange.request.query = exchange.request.fields.store(parts[1].utf8.span)
        exchange.request.hasQuery = true
      }
      return exchange
    }

    /// The verdict once whatever is written down has been.
    func settled(_ exchange: BenchExchange) -> Verdict {
      let verdict = policy.review(exchange)
      guard case .wait(let need) = verdict, case .computation(let work) = need.work else {
        return verdict
      }
      need.settle(.value(work()))
      exchange.needs.append(need)
      return policy.review(exchange)
    }

    /// The verdict, with `answer` for what the token endpoint is asked.
    func decide(
      _ exchange: BenchExchange, _ answer: String = "{}", status: Int = 200
    ) -> (verdict: Verdict, asked: String?) {
      let verdict = policy.review(exchange)
      guard case .wait(let need) = verdict, case .request(_, let make) = need.work else {
        return (verdict, nil)
      }
      let body = make().map { String(decoding: $0.body ?? [], as: UTF8.self) }
      need.settle(.response(NeedResponse(status: status, fields: [], body: Array(answer.utf8))))
      exchange.needs.append(need)
      return (policy.review(exchange), body)
    }

    /// What a browser keeps and where it is sent when it wants a page.
    func begin(_ target: String = "/cart?x=1") throws -> (cookie: String, query: [String: String]) {
      let asking = exchange(target)
      guard case .answer(302) = policy.review(asking) else { throw BenchError() }
      let location = try #require(PolicyBench.value(asking.replyFields, "location"))
      let items = try #require(URLComponents(string: location)?.queryItems)
      return (
        try cookie(asking),
        Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
      )
    }

    /// The last cookie that was set, as a browser sends it.
    func cookie(_ exchange: BenchExchange) throws -> String {
      let fields = exchange.replyFields
      let lines = fields.lines.filter { fields.text($0.name) == "set-cookie" }
      let text = fields.text(try #require(lines.last).value)
      for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        #expect(text.contains(attribute))
      }
      #expect(text.hasPrefix("__Host-"))
      return String(text.prefix { $0 != ";" })
    }

    func token(
      _ nonce: String, more: String = "", subject: String = "carol", issuer: String = issuer,
      audience: String = "\"shop\"", expiry: Int = 2000, type: String? = nil
    ) throws -> String {
      let claims =
        #"{"iss":"\#(issuer)","aud":\#(audience),"sub":"\#(subject)","iat":1000,"exp":\#(expiry),"#
        + #""nonce":"\#(nonce)"\#(more)}"#
      return try SignatureWriter(key, .eddsa).sign(Array(claims.utf8), type: type)
    }

    func sign(_ claims: String, type: String? = nil) throws -> String {
      try SignatureWriter(key, .eddsa).sign(Array(claims.utf8), type: type)
    }

    /// A session's cookie, after a whole login.
    func logIn(_ more: String = "", answerMore: String = "") throws -> String {
      let (cookie, query) = try begin()
      let back = exchange(
        "/oidc/callback?code=c1&state=\(query["state"] ?? "")", cookie: cookie)
      let token = try token(query["nonce"] ?? "", more: more)
      let answer =
        #"{"access_token":"at","token_type":"Bearer","id_token":"\#(token)"\#(answerMore)}"#
      guard case .answer(302) = decide(back, answer).verdict else { throw BenchError() }
      return try self.cookie(back)
    }
  }

  private struct BenchError: Error {}

  private func problem(_ verdict: Verdict) -> Problem? { PolicyBench.problem(verdict) }

  @Test func `A browser is sent to log in, and comes back to where it wanted to go`() throws {
    let bench = try Bench()
    let (cookie, query) = try bench.begin("/cart?x=1&y=%20")
    #expect(query["response_type"] == "code")
    #expect(query["redirect_uri"] == "https://shop.example/oidc/callback")
    #expect(query["scope"] == "openid profile email")
    #expect(query["code_challenge_method"] == "S256")
    #expect(query["a"] == "b")
    let back = bench.exchange(
      "/oidc/callback?code=c%2F1&state=\(query["state"] ?? "")", cookie: cookie)
    let token = try bench.token(query["nonce"] ?? "", more: #","sid":"p1""#)
    let (verdict, asked) = bench.decide(
      back, #"{"access_token":"at","token_type":"bearer","id_token":"\#(token)"}"#)
    guard case .answer(302) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(PolicyBench.value(back.replyFields, "location") == "/cart?x=1&y=%20")
    // RFC 7636 §4.6: what was sent as a challenge is the hash of what is sent now.
    let form = try #require(asked)
    let mark = try #require(form.range(of: "code_verifier="))
    let verifier = String(form[mark.upperBound...])
    let digest = SHA256Hasher().hash(verifier.utf8.span)
    #expect(Base64.encode(digest.bytes.span) == query["code_challenge"])
    #expect(form.contains("code=c%2F1"))
    let session = try bench.cookie(back)
    let page = bench.exchange("/cart", cookie: session + "; other=1")
    #expect(problem(bench.policy.review(page)) == nil)
    #expect(page.consumer?.name == "carol")
    #expect(PolicyBench.value(page.request.fields, "cookie") == "other=1")
    #expect(!session.contains("carol"))
  }

  @Test func `What is no page gets 401, and no redirect`() throws {
    let bench = try Bench()
    let api = bench.exchange("/cart", fields: [("accept", "application/json")])
    #expect(problem(bench.policy.review(api)) == .credentialsRequired)
    let post = bench.exchange("/cart", method: .post)
    #expect(problem(bench.policy.review(post)) == .credentialsRequired)
    let garbled = bench.exchange("/cart", cookie: "__Host-gatehouse=AAAA", fields: [])
    #expect(problem(bench.policy.review(garbled)) == .credentialsRequired)
  }

  // JWT-17.
  @Test func `Whoever began no login cannot end one`() throws {
    let bench = try Bench()
    let (cookie, query) = try bench.begin()
    let (other, _) = try bench.begin()
    let state = query["state"] ?? ""
    let wrong: [(String, String?)] = [
      ("code=c&state=\(state)", nil), ("code=c&state=\(state)", other), ("code=c", cookie),
      ("code=c&state=x", cookie), ("code=c&state=\(state)&state=\(state)", cookie),
      ("state=\(state)", cookie), ("code=c&code=d&state=\(state)", cookie),
      ("error=access_denied&state=\(state)", cookie),
      ("code=c&state=\(state)&iss=https://evil.example", cookie),
      ("code=c&state=\(state)", cookie.replacing("-login", with: "")),
    ]
    for (parameters, cookie) in wrong {
      let back = bench.exchange("/oidc/callback?\(parameters)", cookie: cookie)
      #expect(problem(bench.decide(back).verdict) == .credentialsInvalid, "\(parameters)")
    }
    let late = bench.exchange(
      "/oidc/callback?code=c&state=\(state)", cookie: cookie, at: 1_600_000)
    #expect(problem(bench.decide(late).verdict) == .credentialsInvalid)
  }

  // RFC 9207 §2.4.
  @Test func `A provider that names itself always does`() throws {
    let bench = try Bench(namesItself: true)
    let (cookie, query) = try bench.begin()
    let target = "/oidc/callback?code=c&state=\(query["state"] ?? "")"
    let silent = bench.exchange(target, cookie: cookie)
    #expect(problem(bench.decide(silent).verdict) == .credentialsInvalid)
    let named = bench.exchange(target + "&iss=https%3A%2F%2Fid.example", cookie: cookie)
    #expect(bench.decide(named).asked != nil)
  }

  @Test(arguments: [
    "nonce", "issuer", "audience", "azp", "expiry", "hash", "type", "empty", "none", "garbage",
  ])
  func `An ID token that is wrong in any way makes no session`(flaw: String) throws {
    let bench = try Bench()
    let (cookie, query) = try bench.begin()
    let nonce = query["nonce"] ?? ""
    let token =
      switch flaw {
      case "nonce": try bench.token("other")
      case "issuer": try bench.token(nonce, issuer: "https://evil.example")
      case "audience": try bench.token(nonce, audience: "\"till\"")
      case "azp": try bench.token(nonce, audience: "[\"shop\",\"till\"]")
      case "expiry": try bench.token(nonce, expiry: 900)
      case "hash": try bench.token(nonce, more: #","at_hash":"AAAA""#)
      case "type": try bench.token(nonce, type: "logout+jwt")
      case "empty": try bench.token(nonce, subject: "")
      case "none": "eyJhbGciOiJub25lIn0.e30."
      default: "x"
      }
    let back = bench.exchange("/oidc/callback?code=c&state=\(query["state"] ?? "")", cookie: cookie)
    let answer = #"{"access_token":"at","token_type":"Bearer","id_token":"\#(token)"}"#
    #expect(problem(bench.decide(back, answer).verdict) == .credentialsInvalid)
  }

  @Test func `A provider that refuses, fails or answers nonsense makes no session`() throws {
    let bench = try Bench()
    let cases = [
      (400, #"{"error":"invalid_grant"}"#, Problem.credentialsInvalid),
      (500, "", .upstreamUnavailable), (200, "<html>", .upstreamUnavailable),
      (200, #"{"access_token":"a","token_type":"mac"}"#, .upstreamUnavailable),
      (200, #"{"access_token":"a","token_type":"Bearer"}"#, .credentialsInvalid),
    ]
    for (status, answer, wanted) in cases {
      let (cookie, query) = try bench.begin()
      let back = bench.exchange(
        "/oidc/callback?code=c&state=\(query["state"] ?? "")", cookie: cookie)
      #expect(problem(bench.decide(back, answer, status: status).verdict) == wanted)
    }
  }

  @Test(arguments: ["//evil.example", "/\\evil.example", "https://evil.example/", "/a\\b", "x", ""])
  func `No login leads to another host`(target: String) throws {
    #expect(!LocalTarget.isLocal(target))
    #expect(LocalTarget.isLocal("/a/b?c=//d"))
  }

  @Test func `A request that another page has made changes nothing`() throws {
    let bench = try Bench()
    let session = try bench.logIn()
    let cases: [([(String, String)], Problem?)] = [
      ([("origin", "https://shop.example")], nil), ([("sec-fetch-site", "same-origin")], nil),
      ([("origin", "https://evil.example")], .originDenied), ([], .originDenied),
      ([("origin", "null")], .originDenied), ([("sec-fetch-site", "cross-site")], .originDenied),
      ([("sec-fetch-site", "same-site")], .originDenied),
      ([("origin", "https://shop.example.evil.example")], .originDenied),
      ([("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], .originDenied),
    ]
    for (fields, wanted) in cases {
      let post = bench.exchange("/buy", cookie: session, method: .post, fields: fields)
      #expect(problem(bench.policy.review(post)) == wanted, "\(fields)")
    }
  }

  // JWT-18.
  @Test func `A session ends at its time, and by logging out for good`() throws {
    let bench = try Bench()
    let session = try bench.logIn()
    func isKnown(at milliseconds: UInt64 = 1_001_000) -> Bool {
      let page = bench.exchange("/", cookie: session, fields: [], at: milliseconds)
      return problem(bench.policy.review(page)) == nil
    }
    #expect(isKnown(at: 4_599_000))
    #expect(!isKnown(at: 4_600_000))
    let forged = bench.exchange(
      "/oidc/logout", cookie: session, fields: [("sec-fetch-site", "cross-site")])
    #expect(problem(bench.policy.review(forged)) == .originDenied)
    #expect(isKnown())
    let leaving = bench.exchange("/oidc/logout", cookie: session)
    guard case .answer(302) = bench.policy.review(leaving) else {
      Issue.record("no redirect")
      return
    }
    let location = PolicyBench.value(leaving.replyFields, "location") ?? ""
    #expect(location.hasPrefix("https://id.example/end?client_id=shop&post_logout_redirect_uri="))
    #expect(!isKnown())
    // Another login is another session.
    let again = try bench.logIn()
    #expect(again != session)
    let page = bench.exchange("/", cookie: again, fields: [])
    #expect(problem(bench.policy.review(page)) == nil)
  }

  @Test func `Tokens are renewed once for requests side by side, for the same person alone`() throws
  {
    let bench = try Bench()
    let more = #","expires_in":60,"refresh_token":"r1""#
    let session = try bench.logIn(answerMore: more)
    let page = bench.exchange("/", cookie: session, fields: [], at: 1_061_000)
    let answer = #"{"access_token":"b","token_type":"Bearer","expires_in":60,"refresh_token":"r2"}"#
    let (verdict, asked) = bench.decide(page, answer)
    #expect(problem(verdict) == nil)
    #expect(asked == "grant_type=refresh_token&refresh_token=r1")
    #expect(page.consumer?.name == "carol")
    let renewed = try bench.cookie(page)
    #expect(renewed != session)
    let beside = bench.exchange("/", cookie: session, fields: [], at: 1_062_000)
    let second = bench.decide(beside)
    #expect(problem(second.verdict) == nil)
    #expect(second.asked == nil)
    let next = bench.exchange("/", cookie: renewed, fields: [], at: 1_062_000)
    #expect(problem(bench.policy.review(next)) == nil)
    let refused = try bench.logIn(answerMore: more)
    let late = bench.exchange("/", cookie: refused, fields: [], at: 1_061_000)
    #expect(problem(bench.decide(late, "{}", status: 400).verdict) == .credentialsRequired)
    let other = try bench.logIn(answerMore: more)
    let mixed = bench.exchange("/", cookie: other, fields: [], at: 1_061_000)
    let token = try bench.token("", subject: "mallory")
    let wrong = #"{"access_token":"b","token_type":"Bearer","id_token":"\#(token)"}"#
    #expect(problem(bench.decide(mixed, wrong).verdict) == .credentialsRequired)
  }

  // OpenID Connect Back-Channel Logout 1.0 §2.6.
  @Test func `The provider ends a session, and nobody else does`() throws {
    let bench = try Bench()
    let session = try bench.logIn(#","sid":"p1""#)
    func isKnown() -> Bool {
      problem(bench.policy.review(bench.exchange("/", cookie: session, fields: []))) == nil
    }
    func send(_ claims: String, type: String? = "logout+jwt") throws -> Problem? {
      let form = [("content-type", "application/x-www-form-urlencoded")]
      let notice = bench.exchange("/x", method: .post, fields: form)
      let content = "logout_token=" + (try bench.sign(claims, type: type))
      return problem(notice.inspected(content, by: bench.logout))
    }
    func claims(
      _ more: String, events: String = "http://schemas.openid.net/event/backchannel-logout"
    )
      -> String
    {
      #"{"iss":"https://id.example","aud":"shop","iat":1000,"exp":2000,"#
        + #""events":{"\#(events)":{}}\#(more)}"#
    }
    let wrong = [
      claims(#","jti":"1""#), claims(#","sid":"p1""#),
      claims(#","jti":"1","sid":"p1","nonce":"n""#),
      claims(#","jti":"1","sid":"p1""#, events: "x"),
      claims(#","jti":"1","sid":"p1""#).replacing("shop", with: "till"),
      claims(#","jti":"1","sid":"p1""#).replacing("id.example", with: "evil.example"),
    ]
    for text in wrong { #expect(try send(text) == .validationFailed) }
    #expect(isKnown())
    #expect(try send(claims(#","jti":"1","sid":"other""#)) == nil)
    #expect(isKnown())
    #expect(try send(claims(#","jti":"2","sid":"p1""#)) == nil)
    #expect(!isKnown())
    #expect(try send(claims(#","jti":"2","sid":"p1""#)) == .validationFailed)
  }

  /// A second gateway's policies on the same provider, and the store between them.
  private func ended(
    _ table: inout LiveTable, _ ending: SessionRegister.Ending
  ) -> LiveDirectory {
    table.setEnded(ending.digest, startMilliseconds: ending.startMilliseconds)
    return LiveDirectory(table, uses: KeyUses()) { $0 }
  }

  @Test func `A session that ended at one gateway has ended at all of the same store`() throws {
    let (here, there) = (try Bench(), try Bench())
    let written = Mutex<[SessionRegister.Ending]>([])
    let works = Mutex(true)
    here.sessions.open { ending in
      let isWorking = works.withLock { $0 }
      if isWorking { written.withLock { $0.append(ending) } }
      return isWorking
    }
    var table = LiveTable()
    let session = try here.logIn()
    func isKnown(_ bench: Bench, _ live: LiveDirectory?) -> Bool {
      let exchange = bench.exchange("/", cookie: session, fields: [], at: 1_001_000)
      exchange.live = live
      return problem(bench.policy.review(exchange)) == nil
    }
    #expect(isKnown(there, nil))
    #expect(isKnown(there, LiveDirectory(table, uses: KeyUses()) { $0 }))
    // While the store cannot be written, this gateway alone knows, and says so.
    works.withLock { $0 = false }
    let early = here.exchange("/oidc/logout", cookie: session, at: 1_001_000)
    #expect(problem(here.settled(early)) == .upstreamUnavailable)
    #expect(PolicyBench.value(early.replyFields, "set-cookie")?.contains("Max-Age=0") == true)
    #expect(!isKnown(here, nil))
    works.withLock { $0 = true }
    let late = here.exchange("/oidc/logout", cookie: session, at: 1_001_000)
    guard case .answer(302) = here.settled(late) else {
      Issue.record("the logout does not lead on")
      return
    }
    let ending = try #require(written.withLock { $0.last })
    #expect(ending.expiryMilliseconds == 1_000_000 + 3_600_000)
    #expect(!isKnown(there, ended(&table, ending)))
  }

  @Test func `The provider's word about somebody reaches all gateways, and may be said again`()
    throws
  {
    let (here, there) = (try Bench(), try Bench())
    let written = Mutex<[SessionRegister.Ending]>([])
    let works = Mutex(false)
    here.sessions.open { ending in
      let isWorking = works.withLock { $0 }
      if isWorking { written.withLock { $0.append(ending) } }
      return isWorking
    }
    let session = try here.logIn()
    let claims =
      #"{"iss":"https://id.example","aud":"shop","iat":1000,"exp":2000,"jti":"1","sub":"carol","#
      + #""events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#
    let token = try here.sign(claims, type: "logout+jwt")
    func send() -> Problem? {
      let form = [("content-type", "application/x-www-form-urlencoded")]
      let notice = here.exchange("/x", method: .post, fields: form, at: 1_500_000)
      var verdict = notice.inspected("logout_token=" + token, by: here.logout)
      if case .wait(let need) = verdict, case .computation(let work) = need.work {
        need.settle(.value(work()))
        notice.needs.append(need)
        verdict = notice.inspected("logout_token=" + token, by: here.logout)
      }
      return problem(verdict)
    }
    #expect(send() == .upstreamUnavailable)
    works.withLock { $0 = true }
    #expect(send() == nil)
    #expect(send() == .validationFailed)
    let ending = try #require(written.withLock { $0.last })
    #expect(ending.startMilliseconds == 1_500_000)
    var table = LiveTable()
    let live = ended(&table, ending)
    func isKnown(_ cookie: String) -> Bool {
      let exchange = there.exchange("/", cookie: cookie, fields: [], at: 1_600_000)
      exchange.live = live
      return problem(there.policy.review(exchange)) == nil
    }
    #expect(!isKnown(session))
  }

  // JWT-18.
  @Test func `A cookie is nobody's who has other keys, and keys can be changed`() throws {
    func seal(_ bytes: UInt8...) -> CookieSeal {
      CookieSeal(bytes.map { SymmetricKey([UInt8](repeating: $0, count: 32)) })
    }
    let text = try #require(seal(1).seal(Array("hello".utf8), for: "a"))
    #expect(seal(2, 1).open(Array(text.utf8), for: "a") == Array("hello".utf8))
    #expect(seal(2).open(Array(text.utf8), for: "a") == nil)
    #expect(seal(1).open(Array(text.utf8), for: "b") == nil)
    for place in text.utf8.indices {
      var bytes = Array(text.utf8)
      let offset = text.utf8.distance(from: text.utf8.startIndex, to: place)
      bytes[offset] = bytes[offset] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(seal(1).open(bytes, for: "a") == nil)
    }
    #expect(seal(1).seal([UInt8](repeating: 0, count: 4000), for: "a") == nil)
  }

  @Test(arguments: [
    ("url: 'https://a/b'", "'url' is"), ("url: 'http://a'", "'url' is"),
    ("keys: ['base64:AAAA']", "this is no key"), ("keys: [hunter2]", "this is no key"),
    ("callback-path: '//evil'", "'callback-path' is"),
    ("after-logout: 'https://x'", "'after-logout' is"),
    ("scopes: [email]", "lacks openid"), ("issuer: 'http://id.example'", "an https URL"),
    ("cookie: 'a b'", "'cookie' is"),
  ])
  func `Settings that could lead astray are refused`(setting: String, wanted: String) {
    let report = PolicyBench.make(OIDCPolicy.self, "{ client-id: a, \(setting) }").report
    #expect(report.contains(wanted), "\(report)")
    #expect(!report.contains("hunter2"))
  }
}
