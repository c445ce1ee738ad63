import Blueprint
import Formats
import Storage

/// A browser in which somebody has signed in: a record, named by the hash of the cookie.
struct BrowserSession: Sendable {
  let id: String
  /// What ID tokens call it.
  let publicID: String
  let subject: String
  /// When the user signed in, in milliseconds since 1970.
  let authenticatedAt: Int
  /// How: the words of RFC 8176.
  let methods: [String]
  /// When it was used last, to a minute.
  let seenAt: Int
  let until: Int

  /// The cookie: for this host alone, by TLS alone, and for no script (RFC 6265bis §4.1.3).
  static let cookie = "__Host-gatehouse-session"
  /// So often the time of the last use is written, in milliseconds.
  private static let noteMilliseconds = 60_000

  /// A new session, with the text of its cookie. It is new at each sign-in: nobody can have known
  /// it before.
  static func begin(
    _ user: User, methods: [String], _ context: IdentityContext, _ call: IdentityCall
  ) throws(OAuthError) -> (session: BrowserSession, secret: String) {
    let secret = try context.secret()
    let name = context.name(secret)
    let session = BrowserSession(
      id: name, publicID: String(name.prefix(24)), subject: user.subject,
      authenticatedAt: call.now, methods: methods, seenAt: call.now,
      until: call.now + call.settings.lifetimes.session)
    return (session, secret)
  }

  /// The session of the browser that asks, whose user is still one; nil if there is none.
  static func current(
    _ context: IdentityContext, _ call: IdentityCall
  ) throws -> (session: BrowserSession, user: User)? {
    guard let secret = call.cookie(cookie),
      let record = try context.vault.record(StoredKinds.browserSession, context.name(secret)),
      let session = BrowserSession(record),
      session.seenAt + call.settings.lifetimes.sessionIdle > call.now,
      let user = try context.users.find(subject: session.subject, call.settings)
    else { return nil }
    return (session, user)
  }

  private init?(_ record: VaultRecord) {
    guard let subject = record.body["user"]?.string,
      let authenticatedAt = record.body["authenticated"]?.integer,
      let seenAt = record.body["seen"]?.integer, let until = record.expires
    else { return nil }
    self.init(
      id: record.id, publicID: String(record.id.prefix(24)), subject: subject,
      authenticatedAt: authenticatedAt,
      methods: (record.body["methods"]?.elements ?? []).compactMap(\.string), seenAt: seenAt,
      until: until)
  }

  private init(
    id: String, publicID: String, subject: String, authenticatedAt: Int, methods: [String],
    seenAt: Int, until: Int
  ) {
    self.id = id
    self.publicID = publicID
    self.subject = subject
    self.authenticatedAt = authenticatedAt
    self.methods = methods
    self.seenAt = seenAt
    self.until = until
  }

  /// The record of a new session.
  var put: VaultChange { change(seenAt, expecting: .absent) }

  /// What notes that it was used now; nothing if that was noted a while ago.
  func noted(at now: Int) -> [VaultChange] {
    guard now - seenAt > BrowserSession.noteMilliseconds else { return [] }
    // One that has ended meanwhile does not come back.
    return [change(now, expecting: .present)]
  }

  private func change(
    _ seen: Int, expecting: RecordChange.Expectation
  ) -> VaultChange {
    .put(
      StoredKinds.browserSession, id,
      .object([
        JSONMember("user", .string(subject)),
        JSONMember("authenticated", .integer(authenticatedAt)),
        JSONMember("methods", .array(methods.map { .string($0) })),
        JSONMember("seen", .integer(seen)),
      ]), indexes: [IndexValue("user", subject), IndexValue("public", publicID)], expires: until,
      expecting: expecting)
  }

  /// The field that gives the browser its cookie.
  static func field(_ secret: String) -> (name: String, value: String) {
    (name: "set-cookie", value: "\(cookie)=\(secret); Path=/; Secure; HttpOnly; SameSite=Lax")
  }

  /// The field that takes it away.
  static var removal: (name: String, value: String) {
    (
      name: "set-cookie",
      value: "\(cookie)=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    )
  }
}
