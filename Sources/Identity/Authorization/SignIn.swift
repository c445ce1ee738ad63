import Formats
import Storage

/// A sign-in that goes on in one browser: what it is for, and how far it has come.
///
/// It lives in a record named by the hash of its handle, and the record names the browser's cookie,
/// so that nothing that a user or a link could change decides anything.
struct SignIn: Sendable {
  /// What comes after it.
  enum Purpose: Sendable {
    /// An answer to a client.
    case client(AuthorizationRequest)
    /// The user's own page.
    case account
    /// A device that shows this code, as it was typed.
    case device(String)
  }

  let id: String
  let purpose: Purpose
  /// The keyed hash of the browser's cookie.
  let browser: String
  /// When it began, in milliseconds since 1970.
  let begunAt: Int
  /// The user whose password was right, while another factor is asked for.
  var passwordOf: String?
  /// The session in which the user is signed in; nil as long as he is not.
  var session: String?
  let expires: Int
  let revision: Int

  /// The cookie that tells one browser from another before anybody has signed in.
  static let cookie = "__Host-gatehouse-browser"
  /// How long a sign-in may take, in milliseconds.
  static let milliseconds = 20 * 60_000

  /// What begins a sign-in: its handle, the change that writes it, and the browser's cookie if it
  /// gets a new one.
  struct Begun {
    let handle: String
    let change: VaultChange
    let fields: [(name: String, value: String)]
  }

  /// Begins one in the browser that asks.
  static func begin(
    _ purpose: Purpose, session: String? = nil, _ context: IdentityContext, _ call: IdentityCall
  ) throws(OAuthError) -> Begun {
    let handle = try context.secret()
    var fields: [(name: String, value: String)] = []
    let known = call.cookie(cookie)
    var secret = known ?? ""
    if secret.utf8.count != 43 { secret = try context.secret() }
    if secret != known {
      fields.append(
        (
          name: "set-cookie",
          value: "\(cookie)=\(secret); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400"
        ))
    }
    let signIn = SignIn(
      id: context.name(handle), purpose: purpose, browser: context.name("browser " + secret),
      begunAt: call.now, passwordOf: nil, session: session,
      expires: call.now + milliseconds, revision: 0)
    return Begun(handle: handle, change: signIn.put(expecting: .absent), fields: fields)
  }

  /// The sign-in of a handle, if it is the asking browser's; nil otherwise, whatever the reason.
  static func find(
    _ handle: String?, _ context: IdentityContext, _ call: IdentityCall
  ) throws -> SignIn? {
    guard let handle, handle.utf8.count == 43, let secret = call.cookie(cookie),
      let record = try context.vault.record(StoredKinds.signIn, context.name(handle)),
      let found = SignIn(record), found.browser == context.name("browser " + secret)
    else { return nil }
    return found
  }

  private init?(_ record: VaultRecord) {
    let body = record.body
    guard let browser = body["browser"]?.string, let begunAt = body["begun"]?.integer,
      let expires = record.expires
    else { return nil }
    if let json = body["request"], !json.isNull {
      guard let request = AuthorizationRequest(json) else { return nil }
      purpose = .client(request)
    } else if let code = body["device"]?.string {
      purpose = .device(code)
    } else {
      purpose = .account
    }
    id = record.id
    self.browser = browser
    self.begunAt = begunAt
    passwordOf = body["password-of"]?.string
    session = body["session"]?.string
    self.expires = expires
    revision = record.revision
  }

  private init(
    id: String, purpose: Purpose, browser: String, begunAt: Int, passwordOf: String?,
    session: String?, expires: Int, revision: Int
  ) {
    self.id = id
    self.purpose = purpose
    self.browser = browser
    self.begunAt = begunAt
    self.passwordOf = passwordOf
    self.session = session
    self.expires = expires
    self.revision = revision
  }

  /// The change that writes its present state; another that was faster makes it fail.
  var update: VaultChange { put(expecting: .revision(revision)) }

  private func put(expecting expectation: RecordChange.Expectation) -> VaultChange {
    var members = [
      JSONMember("browser", .string(browser)), JSONMember("begun", .integer(begunAt)),
      JSONMember("password-of", passwordOf.map { .string($0) } ?? .null),
      JSONMember("session", session.map { .string($0) } ?? .null),
    ]
    switch purpose {
    case .client(let request): members.append(JSONMember("request", request.json))
    case .device(let code): members.append(JSONMember("device", .string(code)))
    case .account: break
    }
    return .put(
      StoredKinds.signIn, id, .object(members), expires: expires, expecting: expectation)
  }

  /// What ends it; of two that do, one fails.
  var removal: VaultChange { .remove(StoredKinds.signIn, id, expecting: .present) }

  /// The origin that forms of its pages may lead to beside ourselves.
  var formTarget: String? {
    guard case .client(let request) = purpose else { return nil }
    return RedirectTarget.origin(of: request)
  }
}
