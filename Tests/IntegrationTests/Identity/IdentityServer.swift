import Crypto
import Formats
import Foundation
import Testing

/// The real binary with an identity provider, and an API that takes its tokens.
final class IdentityServer {
  let gateway: RunningGateway
  let upstream: TestUpstream

  static let secret = "the-secret-of-a-test-client-0123456789"
  static let callback = "https://app.example.com/callback"
  static let audience = "https://api.example.com"
  static let password = "correct horse battery staple"
  static let verifier = "a-verifier-of-forty-three-letters-or-some-more"
  /// The hash of the password is made once: it takes as long as it should.
  private static let passwordHash = (try? PasswordHash(of: password).text) ?? ""

  init(store: String = "{ sqlite: gatehouse.db }", more: String = "") throws {
    let upstream = try TestUpstream()
    self.upstream = upstream
    gateway = try RunningGateway(
      services: IdentityServer.services(upstream.port),
      rest: IdentityServer.configuration(store: store, more: more))
  }

  static func services(_ port: UInt16) -> String {
    """
      - name: api
        upstreams: [http://127.0.0.1:\(port)]
        policies:
          - jwt: { issuer: "\(Browser.origin)", audience: "\(audience)" }
        routes:
          - paths: [/orders]
          - { paths: [/staff], policies: [access: { roles: [staff] }] }
    """
  }

  static func configuration(
    store: String = "{ sqlite: gatehouse.db }", more: String = ""
  ) -> String {
    let digest = SHA256Hasher().hash(secret.utf8.span).hex
    return """
      store: \(store)
      identity:
        issuer: \(Browser.origin)
        apis:
          - name: Shop
            audience: \(audience)
            scopes: { "orders:read": "Read your orders", "orders:write": "Change them" }
          - { name: Stock, audience: "https://stock.example.com", scopes: ["stock:read"] }
        clients:
          - id: web
            secrets: ["sha256:\(digest)"]
            redirect-uris: ["\(callback)", "https://app.example.com/other?x=1"]
            post-logout-redirect-uris: ["https://app.example.com/bye"]
            scopes: [openid, profile, email, offline_access, "orders:read", "stock:read"]
            trusted: true
          - id: second
            authentication: client_secret_post
            secrets: ["sha256:\(digest)"]
            redirect-uris: ["https://second.example.com/callback"]
            scopes: [openid, "orders:read"]
            trusted: true
          - id: partner
            name: Partner <b>Ltd</b>
            secrets: ["sha256:\(digest)"]
            redirect-uris: ["https://partner.example.com/callback"]
            scopes: [openid, email, "orders:read"]
          - id: native
            redirect-uris: ["http://127.0.0.1/callback", "com.example.app:/callback"]
            scopes: [openid, "orders:read"]
            trusted: true
          - id: pushing
            secrets: ["sha256:\(digest)"]
            redirect-uris: ["\(callback)"]
            scopes: [openid]
            require-pushed-requests: true
            trusted: true
          - id: batch
            secrets: ["sha256:\(digest)"]
            grants: [client_credentials]
            scopes: ["orders:read", "orders:write", "stock:read"]
            roles: [staff]
      \(more)
        users:
          - name: ann
            password: "\(passwordHash)"
            full-name: Ann Example
            email: ann@example.com
            email-verified: true
            roles: [staff]
          - { name: bob, password: "\(passwordHash)" }
      """
  }

  func browser() -> Browser { Browser(gateway.port) }

  // MARK: Clients

  /// `Authorization` of a client.
  static func basic(_ client: String, _ secret: String = secret) -> String {
    "Authorization: Basic " + Data("\(client):\(secret)".utf8).base64EncodedString()
  }

  /// Posts a form as a client.
  func post(
    _ target: String, _ form: [(String, String)], as client: String? = nil, port: UInt16? = nil
  ) throws -> Answer {
    try Browser(port ?? gateway.port).post(
      target, form, client.map { [IdentityServer.basic($0)] } ?? [])
  }

  /// An access token of a client's own.
  func ownToken(_ client: String = "batch", scope: String? = nil) throws -> String {
    let form =
      [("grant_type", "client_credentials")] + (scope.map { [("scope", $0)] } ?? [])
    let answer = try post("/token", form, as: client)
    return try #require(answer.object["access_token"] as? String, "\(answer.body)")
  }

  /// What the API says to a token.
  func status(_ path: String, _ token: String, port: UInt16? = nil) throws -> Int {
    try Client(port: port ?? gateway.port).request("GET", path, ["Authorization: Bearer \(token)"])
      .status
  }

  // MARK: The code flow

  static var challenge: String {
    Base64.encode(SHA256Hasher().hash(verifier.utf8.span).bytes.span)
  }

  /// The parameters of a request that is as it should be, with changes; nil takes one away.
  static func request(
    _ changes: [String: String?] = [:], client: String = "web"
  ) -> [(String, String)] {
    var parameters: [String: String] = [
      "client_id": client, "response_type": "code", "redirect_uri": callback,
      "scope": "openid profile email orders:read", "state": "af0ifjsldkj", "nonce": "n-0S6_WzA2Mj",
      "code_challenge": challenge, "code_challenge_method": "S256",
    ]
    for (name, value) in changes { parameters[name] = value }
    return parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func authorize(
    _ browser: Browser, _ changes: [String: String?] = [:], client: String = "web"
  ) throws -> Answer {
    try browser.get(
      "/authorize?" + Browser.encoded(IdentityServer.request(changes, client: client)))
  }

  /// Fills in the sign-in page that an answer leads to.
  func signIn(
    _ browser: Browser, _ answer: Answer, as name: String = "ann", password: String = password
  ) throws -> Answer {
    let page = try browser.follow(answer)
    let handle = try #require(Browser.hidden("request", in: page), "\(page.status) \(page.body)")
    return try browser.post(
      "/sign-in", [("request", handle), ("name", name), ("password", password)])
  }

  /// Goes from the request to the code.
  func code(
    _ browser: Browser, _ changes: [String: String?] = [:], client: String = "web"
  ) throws -> String {
    let uri = changes["redirect_uri"].flatMap { $0 } ?? IdentityServer.callback
    let first = try authorize(browser, changes, client: client)
    let last =
      Browser.parameters(first, at: uri) == nil
      ? try browser.follow(signIn(browser, first)) : first
    let parameters = try #require(Browser.parameters(last, at: uri), "\(last.fields) \(last.body)")
    #expect(parameters["iss"] == Browser.origin)
    #expect(parameters["state"] == "af0ifjsldkj")
    return try #require(parameters["code"])
  }

  /// The form that redeems a code.
  static func redemption(
    _ code: String, _ changes: [String: String?] = [:]
  ) -> [(String, String)] {
    var form: [String: String] = [
      "grant_type": "authorization_code", "code": code, "redirect_uri": callback,
      "code_verifier": verifier,
    ]
    for (name, value) in changes { form[name] = value }
    return form.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What a code is redeemed for.
  func tokens(
    _ browser: Browser, _ changes: [String: String?] = [:], client: String = "web"
  ) throws -> [String: Any] {
    let answer = try post(
      "/token", IdentityServer.redemption(code(browser, changes, client: client)), as: client)
    #expect(answer.status == 200, "\(answer.body)")
    return answer.object
  }

  /// The claims of a token, whose signature somebody else checks.
  static func claims(_ token: Any?) throws -> [String: Any] {
    let parts = try #require(token as? String).split(separator: ".")
    let bytes = Base64.decode(parts[1].utf8.span) ?? []
    let object = try JSONSerialization.jsonObject(with: Data(bytes))
    return try #require(object as? [String: Any])
  }
}

extension Answer {
  /// The word of an OAuth error.
  var error: String? { object["error"] as? String }
}
